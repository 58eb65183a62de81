// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.MalformedException;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECMultiplier;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/**
 * The group of SPAKE2+: P-256, of prime order, so that its cofactor is 1 (RFC 9383 §4).
 *
 * <p><b>What is and is not hidden from who measures time.</b> Bouncy Castle's comb does the same
 * doublings and additions for every scalar and reads its whole table for each, and is given only
 * scalars that are random and used once: {@link #multiply} cuts a scalar into two such parts. The
 * field arithmetic below it, and BigInteger, promise nothing.
 */
final class Spake2Group {
  static final int POINT_BYTES = 65;
  static final int SCALAR_BYTES = 32;

  private static final byte UNCOMPRESSED = 4;
  private static final X9ECParameters P256 = CustomNamedCurves.getByName("secp256r1");

  static final BigInteger ORDER = P256.getN();
  static final ECPoint GENERATOR = P256.getG();

  /** RFC 9383 §4: nobody knows their logarithms. */
  static final ECPoint M =
      constant("02886e2f97ace46e55ba9dd7242579f2993b64e16ef3dcab95afd497333d8fa12f");

  static final ECPoint N =
      constant("03d8bbd6c639c62937b04d997f38c3770719c629d7014d49a24b4f98baa1292b49");

  private Spake2Group() {}

  private static ECPoint constant(String compressed) {
    return P256.getCurve().decodePoint(Hexadecimal.decode(compressed)).normalize();
  }

  /** From 1 to the order less 1, uniformly. */
  static BigInteger randomScalar(SecureRandom random) {
    return BigIntegers.createRandomInRange(BigInteger.ONE, ORDER.subtract(BigInteger.ONE), random);
  }

  /** {@code scalar * point}, for a scalar from 0 to the order less 1. */
  static ECPoint multiply(ECPoint point, BigInteger scalar, SecureRandom random) {
    BigInteger mask = randomScalar(random);
    // Another than the one of the curve, whose work depends on the scalar.
    ECMultiplier comb = new FixedPointCombMultiplier();
    return comb.multiply(point, scalar.subtract(mask).mod(ORDER)).add(comb.multiply(point, mask));
  }

  /**
   * Reads what the other side sent (RFC 9383 §6): a point of the curve, which is a member of the
   * group since the cofactor is 1, and not its identity.
   */
  static ECPoint decode(String field, byte[] share) throws MalformedException {
    // SEC 1 §2.3.4: the identity is one byte, other forms begin with another.
    if (share.length != POINT_BYTES || share[0] != UNCOMPRESSED) {
      throw new MalformedException(field, "expected an uncompressed point of 65 bytes");
    }
    try {
      return P256.getCurve().decodePoint(share);
    } catch (IllegalArgumentException e) {
      throw new MalformedException(field, "expected a point of the curve P-256", e);
    }
  }

  /** 65 bytes; 04 and the coordinates. */
  static byte[] encode(ECPoint point) {
    if (point.isInfinity()) {
      throw new IllegalArgumentException("the identity has no coordinates");
    }
    return point.normalize().getEncoded(false);
  }

  /** 32 bytes, big-endian. */
  static byte[] encode(BigInteger scalar) {
    return BigIntegers.asUnsignedByteArray(SCALAR_BYTES, scalar);
  }
}
