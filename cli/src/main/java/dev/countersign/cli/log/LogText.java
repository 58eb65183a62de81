// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.log;

/** Makes text that came from outside fit for one line of a log. */
final class LogText {
  /** Longer ones are cut: a line has a purpose. */
  private static final int MAX_CHARS = 2_000;

  private static final int DELETE = 0x7f;
  private static final int LAST_C1 = 0x9f;

  private LogText() {}

  /** As it is, but for what would end the line or change how it is shown. */
  static String plain(String text) {
    var line = new StringBuilder(text.length());
    append(line, text, false, MAX_CHARS);
    return line.toString();
  }

  /** The inside of a pair of quotation marks. */
  static String quoted(String text) {
    return quoted(text, MAX_CHARS);
  }

  static String quoted(String text, int maxChars) {
    var line = new StringBuilder(Math.min(text.length(), maxChars));
    append(line, text, true, maxChars);
    return line.toString();
  }

  /** A value behind an equals sign: bare if it is one word, else in quotation marks. */
  static String value(String text) {
    return isWord(text) ? text : '"' + quoted(text) + '"';
  }

  private static boolean isWord(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_CHARS
        && text.chars()
            .noneMatch(
                c -> c <= ' ' || c == '"' || c == '\\' || c == '=' || mustBeEscaped((char) c));
  }

  private static void append(StringBuilder line, String text, boolean inQuotes, int maxChars) {
    int end = Math.min(text.length(), maxChars);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\t' -> line.append("\\t");
        case '"', '\\' -> line.append(inQuotes ? "\\" : "").append(c);
        default -> {
          if (mustBeEscaped(c)) {
            line.append("\\u%04x".formatted((int) c));
          } else {
            line.append(c);
          }
        }
      }
    }
    if (end < text.length()) {
      line.append("… (").append(text.length()).append(" characters)");
    }
  }

  /**
   * Control characters, which terminals obey; line and paragraph separators; what turns the
   * direction of writing around; and what takes two units of UTF-16, whole or half.
   */
  private static boolean mustBeEscaped(char c) {
    return c < ' '
        || (c >= DELETE && c <= LAST_C1)
        || Character.getType(c) == Character.FORMAT
        || Character.getType(c) == Character.LINE_SEPARATOR
        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
        || Character.isSurrogate(c);
  }
}
