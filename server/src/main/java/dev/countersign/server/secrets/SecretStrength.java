// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import java.util.BitSet;
import java.util.List;

/**
 * Estimates from above how many bits a secret has, so that what is certainly weak can be refused.
 * It cannot tell a good secret from the output of a bad generator.
 *
 * <p>The estimate is characters × log2(alphabet), where the alphabet is the smallest usual one that
 * the characters fit in, or fewer if few different ones appear. A character that follows from those
 * before it counts as one bit: in equal steps upwards, downwards or on the spot, in a walk over a
 * keyboard, or in a repetition. A secret in hexadecimal is also looked at as the bytes it stands
 * for, and the lower of both counts.
 *
 * <p>Of random secrets of exactly 128 bits about one in a thousand is refused by it, of longer ones
 * practically none.
 */
final class SecretStrength {
  private static final int BYTE_VALUES = 256;
  private static final int HEX_DIGITS = 16;

  /** A run of so many characters is no accident: of 16 different ones, and of more. */
  private static final int RUN_OF_FEW = 6;

  private static final int RUN_OF_MANY = 5;
  private static final List<String> KEYBOARD =
      List.of(
          "qwertyuiopasdfghjklzxcvbnm",
          "qwertzuiopasdfghjklyxcvbnm",
          "azertyuiopqsdfghjklmwxcvbn",
          "1234567890",
          "!@#$%^&*()",
          "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p");

  private SecretStrength() {}

  /** At most so many bits. */
  static int bits(byte[] secret) {
    int bits = bits(secret, usualAlphabet(secret));
    byte[] decoded = decodeHex(secret);
    return decoded.length == 0 ? bits : Math.min(bits, bits(decoded, BYTE_VALUES));
  }

  private static int bits(byte[] symbols, int alphabet) {
    double perSymbol = Math.log(Math.min(alphabet, likelyAlphabet(symbols))) / Math.log(2);
    BitSet predictable = predictable(symbols, alphabet);
    int free = symbols.length - predictable.cardinality();
    return (int) Math.round(free * perSymbol + predictable.cardinality());
  }

  /** The size of the smallest usual alphabet that has all of these characters. */
  private static int usualAlphabet(byte[] secret) {
    boolean digits = false;
    boolean hex = true;
    boolean lower = false;
    boolean upper = false;
    boolean others = false;
    for (byte b : secret) {
      digits |= b >= '0' && b <= '9';
      lower |= b >= 'a' && b <= 'z';
      upper |= b >= 'A' && b <= 'Z';
      others |= !Character.isLetterOrDigit(b);
      hex &= Character.digit(b, HEX_DIGITS) >= 0;
    }
    int size = (digits ? 10 : 0) + (lower ? 26 : 0) + (upper ? 26 : 0) + (others ? 32 : 0);
    return hex && !(lower && upper) ? Math.min(size, HEX_DIGITS) : size;
  }

  /**
   * From how large an alphabet these symbols may have been drawn: n draws show A(1 − (1 − 1/A)^n)
   * different ones on average. With an allowance, since a fair draw may show fewer.
   */
  private static int likelyAlphabet(byte[] symbols) {
    var seen = new BitSet();
    for (byte b : symbols) {
      seen.set(b & 0xff);
    }
    double allowed = seen.cardinality() * 1.25 + 1;
    int alphabet = 2;
    while (alphabet < BYTE_VALUES && shown(alphabet, symbols.length) < allowed) {
      alphabet++;
    }
    return alphabet;
  }

  private static double shown(int alphabet, int draws) {
    return alphabet * (1 - Math.pow(1 - 1.0 / alphabet, draws));
  }

  private static BitSet predictable(byte[] symbols, int alphabet) {
    int shortest = alphabet <= HEX_DIGITS ? RUN_OF_FEW : RUN_OF_MANY;
    var predictable = new BitSet(symbols.length);
    markProgressions(symbols, shortest, predictable);
    for (String row : KEYBOARD) {
      markRuns(symbols, shortest, predictable, (a, b) -> neighbours(row, a, b, 1));
      markRuns(symbols, shortest, predictable, (a, b) -> neighbours(row, a, b, -1));
    }
    markRepetitions(symbols, shortest, predictable);
    return predictable;
  }

  /** Whether the second follows from the first. */
  private interface Follows {
    boolean test(int first, int second);
  }

  private static boolean neighbours(String row, int first, int second, int distance) {
    int at = row.indexOf(Character.toLowerCase(first));
    return at >= 0 && row.indexOf(Character.toLowerCase(second)) == at + distance;
  }

  /** Marks where each symbol is as far from the one before it as that one was. */
  private static void markProgressions(byte[] symbols, int shortest, BitSet into) {
    int begin = 0;
    for (int i = 2; i <= symbols.length; i++) {
      if (i == symbols.length || symbols[i] - symbols[i - 1] != symbols[i - 1] - symbols[i - 2]) {
        if (i - begin >= shortest) {
          into.set(begin + 1, i);
        }
        begin = i - 1;
      }
    }
  }

  private static void markRuns(byte[] symbols, int shortest, BitSet into, Follows follows) {
    int begin = 0;
    for (int i = 1; i <= symbols.length; i++) {
      if (i == symbols.length || !follows.test(symbols[i - 1] & 0xff, symbols[i] & 0xff)) {
        if (i - begin >= shortest) {
          into.set(begin + 1, i);
        }
        begin = i;
      }
    }
  }

  /** Marks what stood before, as a whole, at any distance. */
  private static void markRepetitions(byte[] symbols, int shortest, BitSet into) {
    for (int distance = 1; distance < symbols.length; distance++) {
      int begin = distance;
      for (int i = distance; i <= symbols.length; i++) {
        if (i == symbols.length || symbols[i] != symbols[i - distance]) {
          if (i - begin >= shortest) {
            into.set(begin, i);
          }
          begin = i + 1;
        }
      }
    }
  }

  /** The bytes it stands for; none if it is not hexadecimal. */
  private static byte[] decodeHex(byte[] secret) {
    if (secret.length % 2 != 0) {
      return new byte[0];
    }
    var decoded = new byte[secret.length / 2];
    for (int i = 0; i < decoded.length; i++) {
      int high = Character.digit(secret[2 * i], HEX_DIGITS);
      int low = Character.digit(secret[2 * i + 1], HEX_DIGITS);
      if (high < 0 || low < 0) {
        return new byte[0];
      }
      decoded[i] = (byte) (high << 4 | low);
    }
    return decoded;
  }
}
