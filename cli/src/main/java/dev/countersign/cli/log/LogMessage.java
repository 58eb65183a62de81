// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.log;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message with its values in place.
 *
 * @param text all of it, in one line
 * @param fields the values by their keys, as far as the message has keys
 */
record LogMessage(String text, Map<String, Object> fields) {
  private static final String PLACE = "{}";
  private static final Pattern KEY = Pattern.compile("(?:^|\\s)(\\w+)=(\"?)$");
  private static final Pattern WRITTEN = Pattern.compile("(?:^|\\s)(\\w+)=([^\\s\"{]+)");

  /** Puts the values into the places of a pattern as slf4j has them. */
  static LogMessage of(String pattern, Object... values) {
    var text = new StringBuilder();
    var fields = new LinkedHashMap<String, Object>();
    int from = 0;
    for (Object value : values) {
      int place = pattern.indexOf(PLACE, from);
      if (place < 0) {
        break;
      }
      String before = pattern.substring(from, place);
      text.append(LogText.plain(before));
      noteWritten(before, fields);
      append(text, before, value, fields);
      from = place + PLACE.length();
    }
    String rest = pattern.substring(from);
    noteWritten(rest, fields);
    return new LogMessage(text.append(LogText.plain(rest)).toString(), fields);
  }

  private static void append(
      StringBuilder text, String before, Object value, Map<String, Object> fields) {
    String written = String.valueOf(value);
    Matcher key = KEY.matcher(before);
    if (!key.find()) {
      text.append(LogText.plain(written));
      return;
    }
    text.append(key.group(2).isEmpty() ? LogText.value(written) : LogText.quoted(written));
    fields.put(key.group(1), value instanceof Number ? value : written);
  }

  /** What the message says by itself, such as {@code outcome=refused}. */
  private static void noteWritten(String literal, Map<String, Object> fields) {
    for (Matcher pair = WRITTEN.matcher(literal); pair.find(); ) {
      fields.put(pair.group(1), pair.group(2));
    }
  }
}
