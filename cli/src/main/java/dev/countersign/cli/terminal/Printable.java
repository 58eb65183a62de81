// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.terminal;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Turns what came over the network into what may be shown to a person. */
public final class Printable {
  /** RFC 5280 §4.1.2.5: the end of a certificate that has none. */
  private static final Instant NO_END = Instant.parse("9999-12-31T23:59:59Z");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Printable() {}

  /**
   * The text without anything a terminal would obey: a device chooses its readings, and one with an
   * escape sequence must not rewrite the operator's screen. Also drops the characters that turn the
   * direction of writing.
   */
  public static String text(String raw) {
    var shown = new StringBuilder(raw.length());
    raw.codePoints()
        .forEach(c -> {
          int type = Character.getType(c);
          boolean obeyed =
              type == Character.CONTROL
                  || type == Character.FORMAT
                  || type == Character.SURROGATE
                  || type == Character.LINE_SEPARATOR
                  || type == Character.PARAGRAPH_SEPARATOR;
          shown.appendCodePoint(obeyed ? '\uFFFD' : c);
        });
    return shown.toString();
  }

  /** A JSON value in a table or a line; {@code -} for none. */
  public static String value(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return "-";
    }
    return text(node.isValueNode() ? node.asString() : node.toString());
  }

  /** A time in a table or a line, in UTC to the second. */
  public static String time(JsonNode node) {
    if (!node.isString()) {
      return value(node);
    }
    try {
      return time(Instant.parse(node.stringValue()));
    } catch (DateTimeParseException e) {
      return value(node);
    }
  }

  /** A time in UTC to the second; {@code never} for the end of a certificate without end. */
  public static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).equals(NO_END) ? "never" : TIME.format(instant);
  }
}
