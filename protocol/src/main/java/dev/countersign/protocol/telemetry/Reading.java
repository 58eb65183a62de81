// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.telemetry;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One measured value, as the device wrote it.
 *
 * @param name what was measured, {@code [A-Za-z][A-Za-z0-9_.-]{0,63}}
 * @param value what it was
 * @param measuredAt when, by the device's own clock; null where the device does not say. A claim:
 *     the time that counts is the server's arrival time
 */
public record Reading(String name, Scalar value, @Nullable Instant measuredAt) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,63}");

  public Reading {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a reading's name");
    }
  }

  /** When the device says it measured. */
  public Optional<Instant> at() {
    return Optional.ofNullable(measuredAt);
  }

  /** Refuses what is not a name, and says which one it was. */
  public static String checkName(String name) throws MalformedException {
    if (!NAME.matcher(name).matches()) {
      throw new MalformedException(
          shown(name),
          "expected a name of a letter and up to 63 letters, digits, dots, hyphens or underscores");
    }
    return name;
  }

  /** A field name for an error message: short, and with nothing that could forge a log line. */
  static String shown(String name) {
    String printable = name.replaceAll("[^\\x21-\\x7e]", "?");
    return printable.isEmpty()
        ? "name"
        : printable.length() <= 64 ? printable : printable.substring(0, 64) + "…";
  }
}
