// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.x509;

import dev.countersign.protocol.x509.ChainRefusedException.Reason;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Set;

/**
 * The algorithms a path may use. The platform has a list too, but it differs between platforms, can
 * be edited on each, and takes SHA-1 under anchors that are not its own.
 */
final class KeyStrength {
  /** NIST SP 800-131A r2 §3: 112 bits of security. Above 8192 a check is mostly work. */
  private static final int MIN_RSA_BITS = 2048;

  private static final int MAX_RSA_BITS = 8192;

  /** P-256; a curve of fewer bits is none we issue. */
  private static final int MIN_EC_BITS = 256;

  /** SHA-2 with RSA PKCS #1 (RFC 4055 §5) or ECDSA (RFC 5758 §3.2), and Ed25519 (RFC 8410). */
  private static final Set<String> SIGNATURES =
      Set.of(
          "1.2.840.113549.1.1.11",
          "1.2.840.113549.1.1.12",
          "1.2.840.113549.1.1.13",
          "1.2.840.10045.4.3.2",
          "1.2.840.10045.4.3.3",
          "1.2.840.10045.4.3.4",
          "1.3.101.112");

  private KeyStrength() {}

  static void check(List<X509Certificate> path, X509Certificate anchor)
      throws ChainRefusedException {
    for (X509Certificate certificate : path) {
      // The anchor's own signature is not checked: it is trusted as it stands.
      if (!SIGNATURES.contains(certificate.getSigAlgOID())) {
        throw weak(certificate, "is signed with " + certificate.getSigAlgOID());
      }
      requireStrong(certificate);
    }
    requireStrong(anchor);
  }

  private static void requireStrong(X509Certificate certificate) throws ChainRefusedException {
    if (!isStrong(certificate.getPublicKey())) {
      throw weak(certificate, "has a " + certificate.getPublicKey().getAlgorithm() + " key");
    }
  }

  private static boolean isStrong(PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      int bits = rsa.getModulus().bitLength();
      return bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS;
    } else if (key instanceof ECPublicKey ec) {
      return ec.getParams().getOrder().bitLength() >= MIN_EC_BITS;
    }
    return key.getAlgorithm().equals("EdDSA") || key.getAlgorithm().equals("Ed25519");
  }

  private static ChainRefusedException weak(X509Certificate certificate, String problem) {
    return new ChainRefusedException(
        Reason.WEAK_ALGORITHM, certificate.getSubjectX500Principal().getName() + " " + problem);
  }
}
