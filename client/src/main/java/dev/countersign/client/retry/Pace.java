// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.retry;

import java.time.Duration;

/**
 * How patient a device is.
 *
 * @param first the first wait is within this
 * @param cap and no wait is longer than this
 * @param refusedCap but for refusals that a person has to lift
 */
public record Pace(Duration first, Duration cap, Duration refusedCap) {
  /** As fast as a person would try again; a server that is back is noticed within a minute. */
  public static final Pace STANDARD =
      new Pace(Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofMinutes(10));

  public Pace {
    if (first.isNegative() || first.isZero() || cap.compareTo(first) < 0) {
      throw new IllegalArgumentException("expected 0 < first <= cap");
    }
    if (refusedCap.compareTo(cap) < 0) {
      throw new IllegalArgumentException("expected cap <= refusedCap");
    }
  }
}
