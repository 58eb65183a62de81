// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol;

/** Base 16 (RFC 4648 §8). Java's own HexFormat is not on Android before 14. */
public final class Hexadecimal {
  private static final char[] DIGITS = "0123456789abcdef".toCharArray();
  private static final int ASCII_END = 128;

  private Hexadecimal() {}

  /** Writes two lower-case digits for each byte. */
  public static String encode(byte[] bytes) {
    var digits = new char[2 * bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      digits[2 * i] = DIGITS[(bytes[i] >> 4) & 0xf];
      digits[2 * i + 1] = DIGITS[bytes[i] & 0xf];
    }
    return new String(digits);
  }

  /**
   * Reads two digits, of either case, for each byte.
   *
   * @throws IllegalArgumentException if they are none
   */
  public static byte[] decode(String digits) {
    if (digits.length() % 2 != 0) {
      throw new IllegalArgumentException("expected an even number of digits");
    }
    var bytes = new byte[digits.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      int high = digit(digits.charAt(2 * i));
      int low = digit(digits.charAt(2 * i + 1));
      if (high < 0 || low < 0) {
        throw new IllegalArgumentException("expected hexadecimal digits");
      }
      bytes[i] = (byte) (high << 4 | low);
    }
    return bytes;
  }

  /** The value of a digit; negative if it is none. */
  public static int digit(char c) {
    // Character.digit knows the digits of other scripts as well.
    return c < ASCII_END ? Character.digit(c, 16) : -1;
  }
}
