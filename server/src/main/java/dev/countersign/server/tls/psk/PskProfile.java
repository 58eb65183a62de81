// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsUtils;

/**
 * What is spoken with pre-shared keys: forward secrecy always. SHA-256 alone: a key belongs to one
 * hash (RFC 8446 §4.2.11), and small devices have no other.
 */
final class PskProfile {
  static final List<String> SUITE_NAMES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_AES_128_CCM_SHA256",
          "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256",
          "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256");

  private static final int[] SUITES = {
    CipherSuite.TLS_AES_128_GCM_SHA256,
    CipherSuite.TLS_CHACHA20_POLY1305_SHA256,
    CipherSuite.TLS_AES_128_CCM_SHA256,
    CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256, // RFC 8442
    CipherSuite.TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256, // RFC 7905
    CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256, // RFC 8442
    CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256 // RFC 5489
  };

  /** Larger ones would be a stranger's cheap way to much work. */
  private static final int[] GROUPS = {NamedGroup.x25519, NamedGroup.secp256r1};

  private PskProfile() {}

  static int[] suites() {
    return SUITES.clone();
  }

  static int[] groups() {
    return GROUPS.clone();
  }

  static ProtocolVersion[] versions() {
    return ProtocolVersion.TLSv13.downTo(ProtocolVersion.TLSv12);
  }

  static String name(int suite) {
    int at = Arrays.stream(SUITES).boxed().toList().indexOf(suite);
    return at < 0 ? "0x" + Integer.toHexString(suite) : SUITE_NAMES.get(at);
  }

  /** MAC-then-encrypt gave Lucky Thirteen; with CBC the MAC has to come last (RFC 7366). */
  static boolean needsEncryptThenMac(int suite) throws IOException {
    return TlsUtils.isBlockCipherSuite(suite);
  }

  /** The first of a client's groups that is one of ours, or -1. */
  static int common(int[] offered) {
    return Arrays.stream(offered)
        .filter(group -> Arrays.stream(GROUPS).anyMatch(ours -> ours == group))
        .findFirst()
        .orElse(-1);
  }
}
