// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import dev.countersign.protocol.MalformedException;

/**
 * What a phone is called: 1 to 64 printable characters, neither beginning nor ending with a blank.
 */
public final class PhoneName {
  /** Counted as code points. */
  public static final int MAX_CHARACTERS = 64;

  /** A code point has at most two chars. */
  private static final int MAX_CHARS = 2 * MAX_CHARACTERS;

  private PhoneName() {}

  /**
   * The name itself, if it is one.
   *
   * @throws MalformedException if it is too long, empty, or has characters that are not seen or
   *     that change how others look: of the general categories Cc, Cf, Co, Cs, Zl, Zp
   */
  public static String check(String name) throws MalformedException {
    if (name.isEmpty()
        || name.length() > MAX_CHARS
        || name.codePointCount(0, name.length()) > MAX_CHARACTERS) {
      throw new MalformedException("name", "expected 1 to 64 characters");
    }
    if (!name.codePoints().allMatch(PhoneName::isPrintable)) {
      throw new MalformedException("name", "expected printable characters");
    }
    if (isBlank(name.codePointAt(0)) || isBlank(name.codePointBefore(name.length()))) {
      throw new MalformedException("name", "expected no blank at its ends");
    }
    return name;
  }

  private static boolean isBlank(int codePoint) {
    return Character.getType(codePoint) == Character.SPACE_SEPARATOR;
  }

  /** By Unicode's general categories; what a platform does not know yet may be a new letter. */
  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
      case Character.FORMAT -> false; // turns the direction of what follows, or is invisible
      case Character.SURROGATE, Character.PRIVATE_USE -> false;
      default -> true;
    };
  }
}
