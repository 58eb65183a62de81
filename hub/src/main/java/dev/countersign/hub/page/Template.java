// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.page;

import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * HTML with holes: {@code ${name}} takes a text, {@code $!{name}} what is HTML already. Text is the
 * short form, so that forgetting costs looks and not safety.
 */
final class Template {
  private static final Pattern HOLE = Pattern.compile("\\$(!?)\\{([A-Za-z.]+)}");

  private final String source;

  Template(String source) {
    this.source = source;
  }

  String fill(Map<String, String> values) {
    return HOLE.matcher(source).replaceAll(hole -> Matcher.quoteReplacement(value(hole, values)));
  }

  private static String value(MatchResult hole, Map<String, String> values) {
    String value = values.get(hole.group(2));
    if (value == null) {
      throw new AssertionError("nothing for " + hole.group());
    }
    return hole.group(1).isEmpty() ? escaped(value) : value;
  }

  /** OWASP's five: right in text and in quoted attributes, which is all that templates have. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
