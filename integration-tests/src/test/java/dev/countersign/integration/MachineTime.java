// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a machine believes, by libfaketime (Debian: faketime). */
public enum MachineTime {
  RIGHT(""),
  /** A clock without a battery. */
  AT_1970("@1970-01-01 00:00:00"),
  AT_2099("@2099-06-01 12:00:00");

  private static final List<Path> LIBRARIES =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
          Path.of("/usr/lib/faketime/libfaketimeMT.so.1"));

  private final String start;

  MachineTime(String start) {
    this.start = start;
  }

  /** For a process that is to believe it. */
  public Map<String, String> environment() {
    if (this == RIGHT) {
      return Map.of();
    }
    Path library = LIBRARIES.stream().filter(Files::exists).findFirst().orElseThrow();
    return Map.of(
        "LD_PRELOAD",
        library.toString(),
        "FAKETIME",
        start,
        // Waiting and timeouts go by that clock; a real machine does not lose it.
        "FAKETIME_DONT_FAKE_MONOTONIC",
        "1",
        // Else each timed wait of Java ends at once in 2099, and never in 1970.
        "FAKETIME_FORCE_MONOTONIC_FIX",
        "0",
        "TZ",
        "UTC");
  }
}
