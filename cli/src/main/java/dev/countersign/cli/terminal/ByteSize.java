// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.terminal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A size as people type it: {@code 65536}, {@code 64K}, {@code 16M}, {@code 1G}, by 1024. */
public record ByteSize(long bytes) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,12})([KMG]?)");

  /**
   * Reads a size.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ByteSize parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("expected a size such as 512K, 64M or 1G, got " + text);
    }
    long count = Long.parseLong(matcher.group(1));
    return new ByteSize(
        switch (matcher.group(2)) {
          case "K" -> count << 10;
          case "M" -> count << 20;
          case "G" -> count << 30;
          default -> count;
        });
  }
}
