// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol;

import java.util.regex.Pattern;

/**
 * The public name of a device, as printed on it. A name, never a proof.
 *
 * <p>Compared byte by byte; {@code SN-1} and {@code sn-1} are two devices.
 */
public record DeviceSerial(String value) implements Comparable<DeviceSerial> {
  /** No colon, blank or quote, so that a serial can stand in PSK files, URNs and Basic names. */
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,63}");

  /**
   * @throws IllegalArgumentException if the text is not a serial; use {@link #parse} for what came
   *     from outside
   */
  public DeviceSerial {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(problemWith(value));
    }
  }

  /** Reads a serial that somebody else wrote. */
  public static DeviceSerial parse(String text) throws MalformedException {
    if (!FORM.matcher(text).matches()) {
      throw new MalformedException("serial", problemWith(text));
    }
    return new DeviceSerial(text);
  }

  private static String problemWith(String text) {
    return text.isEmpty()
        ? "expected 1 to 64 letters, digits, dots or hyphens, got nothing"
        : "expected 1 to 64 letters, digits, dots or hyphens, beginning with a letter or digit";
  }

  @Override
  public int compareTo(DeviceSerial other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
