// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.quota;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What is left of a {@link Rate} for somebody, as one number: the time at which all of it will be
 * there again (the "generic cell rate algorithm" of ITU-T I.371). Takes and asks without a lock and
 * without making an object. Any thread.
 */
final class Allowance {
  private final AtomicLong fullAtNanos;

  Allowance(long nowNanos) {
    this.fullAtNanos = new AtomicLong(nowNanos);
  }

  /**
   * Takes units if there is one left at all; what is more than that is owed.
   *
   * @return 0 if taken; else in how many nanoseconds it is worth to ask again
   */
  long take(Rate rate, long units, long nowNanos) {
    while (true) {
      long fullAt = fullAtNanos.get();
      long wait = wait(rate, fullAt, nowNanos);
      if (wait > 0) {
        return wait;
      }
      long next = later(fullAt, nowNanos) + units * rate.nanosPerUnit();
      if (fullAtNanos.compareAndSet(fullAt, next)) {
        return 0;
      }
    }
  }

  /** What {@link #take} would answer. */
  long wait(Rate rate, long nowNanos) {
    return wait(rate, fullAtNanos.get(), nowNanos);
  }

  private static long wait(Rate rate, long fullAt, long nowNanos) {
    long owed = later(fullAt, nowNanos) - nowNanos + rate.nanosPerUnit();
    return Math.max(0, owed - rate.burst() * rate.nanosPerUnit());
  }

  /** Of two times of a clock that may overflow. */
  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }
}
