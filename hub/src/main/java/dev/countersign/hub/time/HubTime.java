// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.time;

import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A hub's time: a floor that only rises, and the time since this process began (docs/protocol.md,
 * Pairing). What an owner's phone tells advances it, and makes the time known until the hub ends:
 * how long it was switched off, nobody can tell it.
 *
 * <p>Safe for use by many threads.
 */
public final class HubTime {
  private final LongSupplier nanos;
  private Instant base;
  private long baseNanos;
  private boolean known;

  /**
   * A time that nobody has told yet.
   *
   * @param floor an instant that has certainly passed, such as the begin of the hub's certificate
   * @param nanos a clock that nobody sets, as {@link System#nanoTime}
   */
  public HubTime(Instant floor, LongSupplier nanos) {
    this.nanos = nanos;
    this.base = floor;
    this.baseNanos = nanos.getAsLong();
  }

  /** An instant that has certainly passed. */
  public synchronized Instant floor() {
    return base.plusNanos(nanos.getAsLong() - baseNanos);
  }

  /** The time, if somebody trusted told it since this process began. */
  public synchronized Optional<Instant> now() {
    return known ? Optional.of(floor()) : Optional.empty();
  }

  /**
   * An owner tells the time.
   *
   * @return false if that would rewind it; nothing changed then
   */
  public synchronized boolean told(Instant time) {
    if (time.isBefore(floor())) {
      return false;
    }
    base = time;
    baseNanos = nanos.getAsLong();
    known = true;
    return true;
  }

  /**
   * Whether something that ends at this instant certainly has not ended. While the time is not
   * known this is never certain.
   */
  public synchronized boolean isCertainlyBefore(Instant end) {
    return known && floor().isBefore(end);
  }
}
