// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.cbor;

/** IEEE 754 numbers of 16 bits, which Java has no type for (RFC 8949 appendix D). */
final class Half {
  private static final int SIGNIFICAND_BITS = 10;
  private static final int FLOAT_SIGNIFICAND_BITS = 23;
  private static final int BIAS = 15;
  private static final int MAX_EXPONENT = 31;

  private Half() {}

  static float value(short bits) {
    int exponent = bits >> SIGNIFICAND_BITS & MAX_EXPONENT;
    int significand = bits & 1023;
    double magnitude =
        exponent == 0
            ? Math.scalb((double) significand, -24)
            : exponent == MAX_EXPONENT
                ? significand == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                : Math.scalb((double) (significand + 1024), exponent - 25);
    return (float) (bits < 0 ? -magnitude : magnitude);
  }

  /** The half below or at this number; the caller sees whether it is the same. */
  static short of(float number) {
    int bits = Float.floatToIntBits(number);
    int sign = bits >>> 16 & 0x8000;
    int exponent = Math.getExponent(number);
    int significand = bits & 0x7fffff;
    if (exponent > BIAS) {
      return (short) (sign | MAX_EXPONENT << SIGNIFICAND_BITS);
    } else if (exponent >= 1 - BIAS) {
      int shifted = significand >> (FLOAT_SIGNIFICAND_BITS - SIGNIFICAND_BITS);
      return (short) (sign | ((exponent + BIAS) << SIGNIFICAND_BITS) | shifted);
    } else if (exponent < -24) {
      return (short) sign;
    }
    int subnormal = (significand | (1 << FLOAT_SIGNIFICAND_BITS)) >> (-exponent - 1);
    return (short) (sign | subnormal);
  }
}
