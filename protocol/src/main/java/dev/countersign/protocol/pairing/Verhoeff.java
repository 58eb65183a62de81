// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

/**
 * The check digit of J. Verhoeff (Error Detecting Decimal Codes, 1969): finds every wrong digit and
 * every swap of neighbours. Computed in the dihedral group of order 10.
 */
final class Verhoeff {
  private static final int[] PERMUTATION = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};

  private Verhoeff() {}

  /** Whether the last digit is the check digit of the others. */
  static boolean holds(String digits) {
    return checksum(digits, 0) == 0;
  }

  /** The digit to append. */
  static char digitFor(String digits) {
    return (char) ('0' + inverse(checksum(digits, 1)));
  }

  private static int checksum(String digits, int firstPosition) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      for (int times = 0; times < (i + firstPosition) % 8; times++) {
        digit = PERMUTATION[digit];
      }
      sum = times(sum, digit);
    }
    return sum;
  }

  /** Multiplication in D5: rotations are 0 to 4, reflections 5 to 9. */
  private static int times(int a, int b) {
    int rotation = a % 5 + (a < 5 ? b % 5 : 5 - b % 5);
    return rotation % 5 + (a < 5 == b < 5 ? 0 : 5);
  }

  private static int inverse(int a) {
    return a < 5 ? (5 - a) % 5 : a;
  }
}
