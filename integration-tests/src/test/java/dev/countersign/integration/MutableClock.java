// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** A server's clock that a test sets. Stands still in between. */
public final class MutableClock extends Clock {
  private volatile Instant now;

  private MutableClock(Instant now) {
    this.now = now;
  }

  /** Begins with this instant, for tests without foreign programs. */
  public static MutableClock at(Instant instant) {
    return new MutableClock(instant);
  }

  /** Begins with the machine's time: foreign programs judge certificates by that. */
  public static MutableClock atMachineTime() {
    return new MutableClock(Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS));
  }

  public void set(Instant instant) {
    now = instant;
  }

  /** Sets it forward, or back by a negative duration. */
  public void advance(Duration by) {
    now = now.plus(by);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("time here is UTC");
  }
}
