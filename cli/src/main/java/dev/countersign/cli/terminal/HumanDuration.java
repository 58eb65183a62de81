// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.terminal;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people type them: {@code 45s}, {@code 15m}, {@code 1h}, {@code 30d}, {@code 2w}. */
public final class HumanDuration {
  private static final Pattern SHORT = Pattern.compile("(\\d{1,6})([smhdw])");

  private HumanDuration() {}

  /**
   * Reads the short form, or ISO 8601's ({@code P30D}, {@code PT1H}).
   *
   * @throws IllegalArgumentException if it is neither, or not more than nothing
   */
  public static Duration parse(String text) {
    Duration duration = parseAny(text);
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException("expected a duration of more than nothing, got " + text);
    }
    return duration;
  }

  private static Duration parseAny(String text) {
    Matcher matcher = SHORT.matcher(text);
    try {
      if (!matcher.matches()) {
        return Duration.parse(text);
      }
      long count = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "s" -> Duration.ofSeconds(count);
        case "m" -> Duration.ofMinutes(count);
        case "h" -> Duration.ofHours(count);
        case "d" -> Duration.ofDays(count);
        default -> Duration.ofDays(7 * count);
      };
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "expected a duration such as 45s, 15m, 1h, 30d or 2w, got " + text, e);
    }
  }

  /** ISO 8601 with days where it is whole days: {@code P7D} reads better than {@code PT168H}. */
  public static String iso(Duration duration) {
    long days = duration.toDays();
    return Duration.ofDays(days).equals(duration) ? "P" + days + "D" : duration.toString();
  }
}
