// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway;

import dev.countersign.server.http.NotTlsException;
import dev.countersign.server.http.PeerAlertException;
import dev.countersign.server.journal.Reason;
import dev.countersign.server.tls.psk.PskRefusedException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;

/**
 * What stood in the way of a handshake, from what the TLS library says. BoringSSL, OpenSSL, the JDK
 * and Bouncy Castle have no codes in common, only words: {@code HandshakeDiagnosisTest} holds real
 * ones of each.
 */
final class HandshakeDiagnosis {
  /** The first whose words are in the message decides; the more particular ones come first. */
  private static final List<Words> WORDS =
      List.of(
          // Alerts that the client sent (RFC 8446 §6.2): it judges our certificate.
          new Words(Reason.SERVER_NOT_TRUSTED, "alert_unknown_ca", "alert: unknown_ca"),
          new Words(
              Reason.SERVER_CERTIFICATE_EXPIRED,
              "alert_certificate_expired",
              "alert: certificate_expired"),
          new Words(
              Reason.SERVER_REFUSED,
              "alert_bad_certificate",
              "alert_certificate_unknown",
              "alert_certificate_unobtainable",
              "alert_certificate_revoked",
              "alert_unsupported_certificate",
              "alert_access_denied",
              "alert: bad_certificate",
              "alert: certificate_unknown",
              "alert: certificate_revoked",
              "alert: unsupported_certificate",
              "alert: access_denied"),
          new Words(
              Reason.TLS_VERSION,
              "alert_protocol_version",
              "alert: protocol_version",
              "unsupported_protocol",
              "version_too_low",
              "inappropriate_fallback",
              "is not enabled or supported in server context",
              "selected protocol version",
              "client requested protocol",
              "protocol_version(70)"),
          new Words(Reason.CLIENT_KEY_NEEDS_TLS_1_3, "rsa client certificate needs tls 1.3"),
          new Words(
              Reason.CERTIFICATE_UNREADABLE,
              "cannot_parse_leaf_cert",
              "cert_length_mismatch",
              "unknown_certificate_type",
              "could not parse certificate",
              "unable to parse certificate"),
          new Words(
              Reason.CERTIFICATE_NOT_PROVEN,
              "bad_signature",
              "digest_check_failed",
              "invalid certificateverify",
              "certificate verify message signature error",
              "certificateverify"),
          new Words(
              Reason.NO_COMMON_GROUP,
              "no_common_signature_algorithms",
              "no_shared_group",
              "wrong_curve",
              "bad_ecpoint",
              "no common group",
              "no common named group",
              "no supported signature algorithm",
              "no supported certificate signature algorithm",
              "no available authentication scheme"),
          new Words(
              Reason.NO_COMMON_CIPHER,
              "no_shared_cipher",
              "no_ciphers",
              "no cipher suites in common",
              "no negotiable cipher suite",
              "no selectable cipher suite"),
          new Words(Reason.PLAIN_HTTP, "http_request", "https_proxy_request"),
          new Words(
              Reason.NOT_TLS, "wrong_version_number", "unsupported or unrecognized ssl message"));

  private record Words(Reason reason, List<String> words) {
    Words(Reason reason, String... words) {
      this(reason, List.of(words));
    }

    boolean areIn(String message) {
      return words.stream().anyMatch(message::contains);
    }
  }

  private HandshakeDiagnosis() {}

  /** Why a handshake came to nothing, as far as it can be told. */
  static Reason of(Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof NotTlsException notTls) {
        return notTls.isHttp() ? Reason.PLAIN_HTTP : Reason.NOT_TLS;
      } else if (t instanceof PskRefusedException refused) {
        return ofKey(refused.ground());
      } else if (t instanceof SslHandshakeTimeoutException) {
        return Reason.HANDSHAKE_TIMEOUT;
      } else if (t instanceof PeerAlertException alert) {
        return ofAlert(alert.description());
      }
      String message = String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT);
      for (Words words : WORDS) {
        if (words.areIn(message)) {
          return words.reason();
        }
      }
    }
    return isBrokenOff(cause) ? Reason.HANDSHAKE_BROKEN_OFF : Reason.HANDSHAKE_FAILED;
  }

  private static Reason ofKey(PskRefusedException.Ground ground) {
    return switch (ground) {
      case NOT_OFFERED -> Reason.PSK_NOT_OFFERED;
      case UNKNOWN_IDENTITY -> Reason.PSK_UNKNOWN_IDENTITY;
      case WRONG_KEY -> Reason.PSK_WRONG_KEY;
      case DEVICE_REVOKED -> Reason.REVOKED;
      case DEVICE_SUSPENDED -> Reason.SUSPENDED;
      case LEVEL_TOO_LOW -> Reason.LEVEL_TOO_LOW;
    };
  }

  /** Alerts by their numbers (RFC 8446 §6.2, RFC 5246 §7.2.2). */
  private static Reason ofAlert(int description) {
    return switch (description) {
      case 48 -> Reason.SERVER_NOT_TRUSTED; // unknown_ca
      case 45 -> Reason.SERVER_CERTIFICATE_EXPIRED; // certificate_expired
      case 42, 43, 44, 46, 49 ->
          Reason.SERVER_REFUSED; // bad, unsupported, revoked, unknown, denied
      case 70 -> Reason.TLS_VERSION; // protocol_version
      case 0, 90 -> Reason.HANDSHAKE_BROKEN_OFF; // close_notify, user_canceled
      default -> Reason.HANDSHAKE_FAILED;
    };
  }

  private static boolean isBrokenOff(Throwable cause) {
    String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    return cause instanceof ClosedChannelException
        || message.contains("connection reset")
        || message.contains("broken pipe")
        || (cause instanceof SSLException && message.contains("closed already"))
        || message.contains("closing inbound before receiving peer's close_notify");
  }
}
