// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.quota;

import java.time.Duration;

/**
 * So much at once, and then so much in a time.
 *
 * @param burst units at once after a rest
 * @param nanosPerUnit how long it takes until one unit more may be taken
 */
record Rate(long burst, long nanosPerUnit) {
  Rate {
    if (burst < 1 || nanosPerUnit < 1 || burst > Long.MAX_VALUE / 4 / nanosPerUnit) {
      throw new IllegalArgumentException("rate: expected a burst and an interval above nothing");
    }
  }

  /** Units in a period, of which so many may come at once. */
  static Rate of(long units, Duration period, long burst) {
    return new Rate(burst, Math.max(1, period.toNanos() / units));
  }
}
