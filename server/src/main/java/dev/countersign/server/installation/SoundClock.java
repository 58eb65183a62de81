// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.installation;

import dev.countersign.protocol.ReleaseTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The machine's clock, as long as it can be right. A machine whose clock lost its battery starts in
 * 1970, before this program was made: then time goes on from the last instant that is known to have
 * passed, until somebody sets the clock.
 *
 * <p>The other direction cannot be known: a clock that is ahead is believed. Certificates then seem
 * to have expired, and their holders are refused until it is set.
 *
 * <p>Safe for use by many threads.
 */
public final class SoundClock extends Clock {
  private final Clock machine;
  private final Instant floor;
  private final long startNanos = System.nanoTime();

  private SoundClock(Clock machine, Instant floor) {
    this.machine = machine;
    this.floor = floor;
  }

  /**
   * A clock that never tells a time before this program was made.
   *
   * @param lastKnown where time goes on if the machine's clock is wrong; later than the program
   */
  public static SoundClock of(Clock machine, Instant lastKnown) {
    return new SoundClock(
        machine, lastKnown.isAfter(ReleaseTime.EARLIEST) ? lastKnown : ReleaseTime.EARLIEST);
  }

  /** Whether the machine's clock can be right. */
  public boolean isMachineSound() {
    return isSound(machine.instant());
  }

  private static boolean isSound(Instant told) {
    return !told.isBefore(ReleaseTime.EARLIEST);
  }

  @Override
  public Instant instant() {
    Instant told = machine.instant();
    return isSound(told) ? told : floor.plusNanos(System.nanoTime() - startNanos);
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
