// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import dev.countersign.protocol.MalformedException;

/**
 * The value of Block1 and Block2 (RFC 7959 §2.2): which part of a body this is.
 *
 * @param number from 0
 * @param more whether others follow
 * @param sizeBytes a power of two from 16 to 1024
 */
public record Block(int number, boolean more, int sizeBytes) {
  private static final int MAX_NUMBER = (1 << 20) - 1;
  private static final int MAX_BYTES = 3;
  private static final int MIN_SIZE_BITS = 4;

  /** RFC 7959 §2.2: 7 is reserved. */
  private static final int MAX_SIZE_EXPONENT = 6;

  public static final int MAX_SIZE_BYTES = 1 << (MAX_SIZE_EXPONENT + MIN_SIZE_BITS);
  public static final int MIN_SIZE_BYTES = 1 << MIN_SIZE_BITS;

  public Block {
    if (number < 0
        || number > MAX_NUMBER
        || sizeBytes < MIN_SIZE_BYTES
        || sizeBytes > MAX_SIZE_BYTES
        || Integer.bitCount(sizeBytes) != 1) {
      throw new IllegalArgumentException("expected a block of 16 to 1024 bytes, a power of two");
    }
  }

  static Block decode(byte[] value) throws MalformedException {
    // RFC 7252 §3.2: a recipient must be prepared for leading zeros.
    if (value.length > MAX_BYTES) {
      throw new MalformedException("Block", "expected 0 to 3 bytes");
    }
    int bits = 0;
    for (byte b : value) {
      bits = bits << 8 | (b & 0xff);
    }
    int exponent = bits & 7;
    if (exponent > MAX_SIZE_EXPONENT) {
      throw new MalformedException("Block", "expected a size of 16 to 1024 bytes");
    }
    return new Block(bits >>> 4, (bits & 8) != 0, 1 << (exponent + MIN_SIZE_BITS));
  }

  byte[] encode() {
    int exponent = Integer.numberOfTrailingZeros(sizeBytes) - MIN_SIZE_BITS;
    return InnerMessage.unsigned(number << 4 | (more ? 8 : 0) | exponent);
  }

  /** Where in the body it begins. */
  public long offset() {
    return (long) number * sizeBytes;
  }
}
