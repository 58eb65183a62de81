// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import dev.countersign.pki.RefusedRequestException.Reason;
import dev.countersign.protocol.Sha256;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Optional;

/**
 * Which public keys are certified: P-256, P-384, and RSA of 2048 to 4096 bits; none that is
 * malformed, weak by construction, or published.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class KeyPolicy {
  /** Below is breakable with effort (NIST SP 800-57 part 1, 112 bits). */
  private static final int MIN_RSA_BITS = 2048;

  /** Above it a handshake costs the gateway more than the key is worth. */
  private static final int MAX_RSA_BITS = 4096;

  /** Smaller exponents have broken padding implementations (CA/B baseline requirements 6.1.6). */
  private static final BigInteger MIN_RSA_EXPONENT = BigInteger.valueOf(65_537);

  /** The platform and most devices refuse to verify with a longer one. */
  private static final int MAX_RSA_EXPONENT_BITS = 64;

  private final KnownKeys knownKeys;

  private KeyPolicy(KnownKeys knownKeys) {
    this.knownKeys = knownKeys;
  }

  /** The policy of this version, with its list of published keys. */
  public static KeyPolicy standard() {
    return new KeyPolicy(KnownKeys.load());
  }

  /**
   * Judges a key.
   *
   * @return the same key in its canonical encoding: one key has one SubjectPublicKeyInfo, and so
   *     one hash, however it was presented
   * @throws RefusedRequestException if this key gets no certificate
   */
  public PublicKey require(PublicKey key) throws RefusedRequestException {
    PublicKey canonical =
        switch (key) {
          case ECPublicKey ec -> requireEc(ec);
          case RSAPublicKey rsa -> requireRsa(rsa);
          default ->
              throw unsupported("expected a P-256, P-384 or RSA key, got " + key.getAlgorithm());
        };
    Optional<String> publishedAt = knownKeys.publishedAt(Sha256.of(canonical.getEncoded()));
    if (publishedAt.isPresent()) {
      throw new RefusedRequestException(
          Reason.KNOWN_KEY,
          "csr key: expected a key of the device's own, got one whose private half is published ("
              + publishedAt.get()
              + ")");
    }
    return canonical;
  }

  private static PublicKey requireEc(ECPublicKey key) throws RefusedRequestException {
    ECParameterSpec curve =
        EllipticCurves.certified(key.getParams())
            .orElseThrow(() -> unsupported("expected the curve P-256 or P-384, got another"));
    if (!EllipticCurves.contains(curve, key.getW())) {
      throw weak("expected a point on the curve, got one beside it");
    }
    try {
      return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(key.getW(), curve));
    } catch (GeneralSecurityException e) {
      throw weak("expected a point on the curve, got one beside it");
    }
  }

  private static PublicKey requireRsa(RSAPublicKey key) throws RefusedRequestException {
    BigInteger modulus = key.getModulus();
    BigInteger exponent = key.getPublicExponent();
    int bits = modulus.bitLength();
    if (modulus.signum() <= 0 || bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
      throw unsupported("expected RSA of 2048 to 4096 bits, got " + bits);
    }
    if (exponent.compareTo(MIN_RSA_EXPONENT) < 0
        || exponent.bitLength() > MAX_RSA_EXPONENT_BITS
        || !exponent.testBit(0)) {
      throw unsupported("expected an odd RSA exponent from 65537 to 64 bits");
    }
    Optional<String> weakness = RsaWeakness.of(modulus);
    if (weakness.isPresent()) {
      throw weak(weakness.get());
    }
    try {
      return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
    } catch (GeneralSecurityException e) {
      throw unsupported("expected an RSA key this platform can use");
    }
  }

  private static RefusedRequestException unsupported(String problem) {
    return new RefusedRequestException(Reason.UNSUPPORTED_KEY, "csr key: " + problem);
  }

  private static RefusedRequestException weak(String problem) {
    return new RefusedRequestException(Reason.WEAK_KEY, "csr key: " + problem);
  }
}
