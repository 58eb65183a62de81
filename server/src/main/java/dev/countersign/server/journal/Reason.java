// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.journal;

import java.util.Locale;

/**
 * Why an attempt came to nothing, with the fix. Names are part of the operator API and of the
 * metrics: they may be added to, never renamed.
 *
 * <p>{@code {serial}} in an advice stands for the device's serial where it is known.
 */
public enum Reason {
  TOO_MANY_CONNECTIONS_FROM_ADDRESS(
      Step.CONNECTION,
      "this address has as many connections as one address may have",
      "let devices keep one connection and close old ones; behind a gateway with many devices raise"
          + " limits.connections.maxPerAddress in countersign.yaml"),
  TOO_MANY_HANDSHAKES(
      Step.CONNECTION,
      "too many TLS handshakes are under way",
      "devices should back off with jitter when they reconnect; if this many handshakes are normal,"
          + " raise limits.connections.maxHandshakes or limits.connections.maxHandshakesPerAddress"
          + " in countersign.yaml"),
  TOO_MANY_CONNECTIONS(
      Step.CONNECTION,
      "the server has as many connections as it may have",
      "see 'status' for who is connected; raise limits.connections.max in countersign.yaml and the"
          + " limit of open files of the process (LimitNOFILE)"),

  NO_HANDSHAKE(
      Step.HANDSHAKE,
      "connected and left without a byte",
      "nothing to do for a port scan or a load balancer's probe; a device that does this closes"
          + " before TLS begins: look at its own log"),
  PLAIN_HTTP(
      Step.HANDSHAKE,
      "plain HTTP on a TLS port",
      "use https:// instead of http:// in the device's URL"),
  NOT_TLS(
      Step.HANDSHAKE,
      "something that is not TLS",
      "check that the device speaks TLS on this port, and that no proxy in between speaks something"
          + " else first (such as the PROXY protocol)"),
  TLS_VERSION(
      Step.HANDSHAKE,
      "no TLS version in common",
      "this server speaks TLS 1.2 and 1.3: update the device's TLS library, or allow these versions"
          + " in its configuration"),
  NO_COMMON_CIPHER(
      Step.HANDSHAKE,
      "no cipher suite in common",
      "allow ECDHE with AES-GCM or ChaCha20-Poly1305 and an ECDSA certificate in the device, such"
          + " as TLS_AES_128_GCM_SHA256 or TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256; with a"
          + " pre-shared key TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 in TLS 1.2"),
  NO_COMMON_GROUP(
      Step.HANDSHAKE,
      "no key exchange group or signature algorithm in common",
      "allow P-256 or X25519 for the key exchange, ecdsa_secp256r1_sha256 for signatures and, in"
          + " TLS 1.2, an ECDHE cipher suite in the device"),
  SERVER_NOT_TRUSTED(
      Step.HANDSHAKE,
      "the device does not trust this server's authority",
      "give the device this installation's root.pem ('ca show' prints its SHA-256); if the device"
          + " has it, somebody else may have answered it before"),
  SERVER_REFUSED(
      Step.HANDSHAKE,
      "the device refused this server's certificate",
      "check that the name in the device's URL is in the server's certificate (localhost and"
          + " 'hostnames' in countersign.yaml), that the device has the current root.pem, and that"
          + " its clock is right"),
  SERVER_CERTIFICATE_EXPIRED(
      Step.HANDSHAKE,
      "the device takes this server's certificate for expired",
      "set the device's clock, or let it judge by a time floor as the SDK does; 'status' shows when"
          + " the server's certificate ends"),
  CERTIFICATE_NOT_PROVEN(
      Step.HANDSHAKE,
      "the client did not prove that it holds its certificate's key",
      "give the device the private key that belongs to its certificate; if it is lost, enrol anew:"
          + " 'device token {serial}'"),
  CERTIFICATE_UNREADABLE(
      Step.HANDSHAKE,
      "the client's certificate could not be read",
      "send one X.509 certificate in DER, the one that enrolment gave; enrol anew if it is damaged:"
          + " 'device token {serial}'"),
  CLIENT_KEY_NEEDS_TLS_1_3(
      Step.HANDSHAKE,
      "an RSA client certificate below TLS 1.3",
      "use TLS 1.3 in the device, or enrol it with a P-256 key"),
  PSK_NOT_OFFERED(
      Step.HANDSHAKE,
      "no pre-shared key with forward secrecy was offered",
      "this port takes pre-shared keys only: give the device its identity and key ('device add"
          + " SERIAL --credential psk' prints them) and allow psk_dhe_ke; with a certificate use"
          + " the other port"),
  PSK_UNKNOWN_IDENTITY(
      Step.HANDSHAKE,
      "the PSK identity belongs to no device",
      "compare the identity in the device with the one that 'device add' printed, byte by byte;"
          + " the serial alone works too, if the device has a secret here"),
  PSK_WRONG_KEY(
      Step.HANDSHAKE,
      "the pre-shared key is not the one of this identity",
      "give the device the key for the TLS version that it speaks (TLS 1.2 and 1.3 have different"
          + " ones); if the secret is lost, 'device rotate {serial}'"),
  HANDSHAKE_TIMEOUT(
      Step.HANDSHAKE,
      "the handshake was not finished in time",
      "check the network between device and server (lost packets, a small MTU) and the device's"
          + " power; for very slow devices raise limits.handshakeTimeoutSeconds"),
  HANDSHAKE_BROKEN_OFF(
      Step.HANDSHAKE,
      "the peer left in the middle of the handshake",
      "the device's own log says why it left; often it does not accept the server's certificate:"
          + " check root.pem and the name in its URL"),
  HANDSHAKE_FAILED(
      Step.HANDSHAKE,
      "the TLS handshake failed",
      "the detail is what the TLS library said; try the same from a computer with"
          + " 'openssl s_client -connect HOST:8443 -CAfile root.pem'"),

  NO_CERTIFICATE(
      Step.CREDENTIAL,
      "no client certificate was presented",
      "configure the device with the certificate and key that enrolment gave it; if it has none,"
          + " 'device token {serial}' and enrol"),
  FOREIGN_CERTIFICATE(
      Step.CREDENTIAL,
      "the certificate is not from this installation's device CA",
      "present the certificate that this server's enrolment gave; else 'device token {serial}' and"
          + " enrol here"),
  FORGED_CERTIFICATE(
      Step.CREDENTIAL,
      "a signature in the certificate's path does not verify",
      "somebody may be forging this device's certificate; if it is the device itself, its storage"
          + " is damaged: 'device token {serial}' and enrol anew"),
  CERTIFICATE_NOT_YET_VALID(
      Step.CREDENTIAL,
      "the certificate is not valid yet by the server's clock",
      "set the server's clock (it is behind); 'status' shows the server's time"),
  CERTIFICATE_EXPIRED(
      Step.CREDENTIAL,
      "the certificate has expired",
      "let the device renew by POST /.well-known/est/simplereenroll with this certificate and a new"
          + " key (possible for 400 days), or 'device token {serial}' and enrol; check the server's"
          + " clock if all devices expire at once"),
  CERTIFICATE_LAPSED_TOO_LONG(
      Step.CREDENTIAL,
      "the certificate expired longer ago than a renewal allows",
      "'device token {serial}' and enrol anew"),
  CERTIFICATE_WEAK(
      Step.CREDENTIAL,
      "the certificate has a key or a signature that is too weak",
      "enrol with a P-256 key: 'device token {serial}'"),
  CERTIFICATE_WRONG_USE(
      Step.CREDENTIAL,
      "the certificate was not issued for a device",
      "present the device's own certificate, not a server's, an operator's or an authority's"),
  CERTIFICATE_UNKNOWN(
      Step.CREDENTIAL,
      "the certificate is not in the ledger",
      "the registry may have been restored from an older backup: 'device token {serial}' and enrol"
          + " anew; if it was not, the device CA's key may be in other hands: 'ca show'"),
  REVOKED(
      Step.CREDENTIAL,
      "the device or its certificate is revoked",
      "revocation is for good: if the device may come back, 'device remove {serial}', 'device add"
          + " {serial}' and enrol with a new key"),
  RETIRED(
      Step.CREDENTIAL,
      "a successor of this certificate is in use",
      "the device was restored from a copy, or there are two of it: find out which is real, then"
          + " 'device token {serial}' and enrol that one anew"),
  NOT_THE_NEWEST(
      Step.CREDENTIAL,
      "an expired certificate that has a successor",
      "let the device use its newest certificate; if that is lost, 'device token {serial}' and"
          + " enrol"),
  DEVICE_NOT_ENROLLED(
      Step.CREDENTIAL,
      "the device is not in the registry, or has not enrolled",
      "'device add {serial}' if it is missing, 'device token {serial}' if it is there, then enrol"),
  SUSPENDED(
      Step.CREDENTIAL,
      "the device is suspended",
      "'device resume {serial} --reason …' when it may work again"),
  KEY_REPLACED(
      Step.CREDENTIAL,
      "the key is not one of the device any more",
      "the device's secret was replaced, retired or removed while it was connected: let it connect"
          + " with the new one; 'device show {serial}' lists its credentials"),
  LEVEL_TOO_LOW(
      Step.CREDENTIAL,
      "the device came by a stronger way before",
      "let the device use its certificate on the port for certificates; if it lost that, 'device"
          + " token {serial}' and enrol"),
  NOT_AN_OPERATOR(
      Step.CREDENTIAL,
      "the certificate is not a current operator's",
      "use a current identity file (--identity FILE); another operator can make one: 'operator add"
          + " NAME --out FILE'"),

  NO_TOKEN_SHOWN(
      Step.ENROLMENT,
      "no enrolment token was shown",
      "enrol with HTTP Basic: the serial as user and the token of 'device token {serial}' as"
          + " password"),
  UNKNOWN_SERIAL(
      Step.ENROLMENT,
      "the serial is not registered",
      "compare it with the label byte by byte, then 'device add SERIAL'"),
  NO_TOKEN(Step.ENROLMENT, "the device has no token", "'device token {serial}' makes one"),
  WRONG_TOKEN(
      Step.ENROLMENT,
      "the token is not this device's current one",
      "copy the token whole, from 'cst1.' to its end; 'device token {serial}' makes a new one and"
          + " voids the old"),
  TOKEN_VOID(
      Step.ENROLMENT,
      "the token was voided by five failed attempts",
      "'device token {serial}' makes a new one"),
  TOKEN_EXPIRED(
      Step.ENROLMENT,
      "the token has expired",
      "'device token {serial}' makes a new one; --valid-for gives it more time"),
  TOKEN_USED(
      Step.ENROLMENT,
      "the token was used before, with another key or more than 24 hours ago",
      "if the device lost its key, 'device token {serial}'; if it did not, somebody else used the"
          + " token: 'device revoke {serial} --reason …'"),
  TOO_MANY_TOKEN_FAILURES(
      Step.ENROLMENT,
      "too many failed tokens from this address",
      "wait as long as Retry-After says; then enrol with the right token ('device token"
          + " {serial}')"),
  BAD_CSR(
      Step.ENROLMENT,
      "the certificate request was refused",
      "the detail names what is wrong; 'openssl req -new -newkey ec -pkeyopt"
          + " ec_paramgen_curve:P-256 -nodes -subj / -outform DER' makes a good one"),
  KEY_IN_USE(
      Step.ENROLMENT,
      "the key belongs to another, or was revoked",
      "make a new key on the device; if it was new, its random numbers are not random, or it is a"
          + " clone"),

  SEALED_MALFORMED(
      Step.CREDENTIAL,
      "not a sealed message",
      "compare what arrives with docs/protocol.md: a token begins with o1. or m1., and a relay must"
          + " not decode, shorten or re-encode it; 'countersign open TOKEN' says what is wrong"),
  SEALED_UNKNOWN_KEY(
      Step.CREDENTIAL,
      "a sealed message under a key id that no device has",
      "compare the kid in the device with the one that 'device show SERIAL' lists: it comes from"
          + " the serial and the generation, byte by byte"),
  SEALED_NOT_AUTHENTIC(
      Step.CREDENTIAL,
      "a sealed message that does not open with the device's key",
      "if all messages of the device fail, its secret or algorithm is not the one that 'device show"
          + " {serial}' lists; if some do, something on the way alters them: 'relay health'"),
  SEALED_REPLAYED(
      Step.CREDENTIAL,
      "a sealed message that was answered long ago",
      "the relay repeats old messages: 'relay health' shows how many; the device has nothing to"
          + " do"),
  SEALED_NUMBER_REUSED(
      Step.CREDENTIAL,
      "a number of the device was used for two messages",
      "the device lost count, or there are two of it: it must store its number before it uses it"
          + " (docs/protocol.md), and after losing it agree on a new context; 'device rotate"
          + " {serial}' or a new secret if it was cloned"),
  SEALED_MUST_RESYNC(
      Step.CREDENTIAL,
      "the server does not know which numbers the device used",
      "nothing to do: after three refusals the device agrees on a new context by itself; if it does"
          + " not, restart it"),
  RELAY_UNKNOWN(
      Step.CREDENTIAL,
      "no relay has this name",
      "compare the relay's URL with 'relay list'; 'relay add NAME' makes an account"),
  RELAY_NOT_SIGNED(
      Step.CREDENTIAL,
      "the relay's delivery is not signed, or not in the right form",
      "let the relay send the header that 'relay add' printed: Countersign-Relay for mode signed,"
          + " Authorization: Bearer for mode static (docs/protocol.md, Relay accounts)"),
  RELAY_WRONG_SECRET(
      Step.CREDENTIAL,
      "the relay's delivery does not verify with its secret",
      "check that the relay signs time, delivery, path and body as they are sent, with its own"
          + " secret; if the secret is lost, 'relay add' another account and move to it"),
  RELAY_FROZEN(
      Step.CREDENTIAL,
      "the relay's account is frozen",
      "'relay unfreeze NAME' if it may deliver again; else let its devices use another way"),
  RELAY_STALE(
      Step.CREDENTIAL,
      "the relay's delivery was signed more than five minutes ago, or ahead of time",
      "set the relay's clock, and let it sign anew for each try; if both clocks are right, somebody"
          + " repeats old deliveries"),
  RELAY_DELIVERY_REUSED(
      Step.CREDENTIAL,
      "the relay gave one delivery's number to another body",
      "let the relay use a new id for each delivery, and the same only for another try with the"
          + " same body"),
  RELAY_TOO_MANY_FAILURES(
      Step.CREDENTIAL,
      "too many refused deliveries from this address",
      "wait as long as Retry-After says, and see the reasons before this one; deliveries that"
          + " verify are let in all the while"),

  MALFORMED(
      Step.REQUEST,
      "the request was malformed",
      "the detail names the field and what is expected there (docs/protocol.md)"),
  NO_SUCH_PATH(
      Step.REQUEST,
      "there is no such path or method",
      "compare path and method with docs/protocol.md"),
  MEDIA_TYPE(
      Step.REQUEST,
      "the media type is not supported",
      "set Content-Type to one of those that the detail names"),
  TOO_LARGE(
      Step.REQUEST,
      "the request is too large",
      "send less in one request, or raise limits.maxRequestBytes or limits.maxHeaderBytes in"
          + " countersign.yaml"),
  REQUEST_TIMEOUT(
      Step.REQUEST,
      "the request was not sent in time",
      "check the network of the device; for very slow ones raise limits.requestTimeoutSeconds"),
  SEQUENCE_REUSED(
      Step.REQUEST,
      "a sequence number came again with another body",
      "never reuse a Countersign-Sequence: store it before sending, and send the same bytes again;"
          + " a device that was reset enrols anew and begins anew"),
  SEQUENCE_TOO_OLD(
      Step.REQUEST,
      "a sequence number is more than 64 below the highest",
      "let the device continue above its highest Countersign-Sequence; a device that was reset"
          + " enrols anew and begins anew"),
  QUOTA(
      Step.REQUEST,
      "the device sends more than its quota",
      "send several readings in one request, or raise the quota (limits in docs/operations.md)"),
  RELAY_QUOTA(
      Step.REQUEST,
      "the relay delivers more than it may",
      "if it has so many devices, raise limits.relays.deliveriesPerMinute in countersign.yaml; else"
          + " 'relay health NAME' says what it delivers"),
  OVERLOADED(
      Step.REQUEST,
      "the server could not take the request now",
      "nothing was stored: send it again after Retry-After; 'status' says what the server lacks"),
  REQUEST_REFUSED(
      Step.REQUEST,
      "the request was refused",
      "the detail says why (docs/operations.md, Problem types)");

  private final Step step;
  private final String meaning;
  private final String advice;

  Reason(Step step, String meaning, String advice) {
    this.step = step;
    this.meaning = meaning;
    this.advice = advice;
  }

  /** How far an attempt got that failed for this reason. */
  public Step step() {
    return step;
  }

  /** The cause in words. */
  public String meaning() {
    return meaning;
  }

  /**
   * What to do about it.
   *
   * @param serial the device's, or SERIAL where it is not known
   */
  public String advice(String serial) {
    return advice.replace("{serial}", serial);
  }

  /** As the operator API and the metrics write it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
