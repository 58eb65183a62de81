// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes readings for their age, and the oldest of all devices first where they take too much
 * room. For one thread at a time.
 */
public final class Retention {
  private static final Logger log = LoggerFactory.getLogger(Retention.class);

  /** A compaction writes the store anew; so much must have been deleted to be worth it. */
  private static final double WORTH_COMPACTING = 0.05;

  /** Down to this part of the limit, so that there is something to go on with. */
  private static final double TARGET = 0.9;

  /** Each deletes a twentieth at least: more than enough for any limit. */
  private static final int MAX_ROUNDS = 100;

  private final ReadingStore store;
  private final Duration maxAge;
  private final long maxBytes;
  private final BooleanSupplier clockIsTrusted;
  private final Clock clock;

  /**
   * @param maxBytes of the store; 0 for any
   * @param clockIsTrusted whether something may be deleted for its age
   */
  public Retention(
      ReadingStore store,
      Duration maxAge,
      long maxBytes,
      BooleanSupplier clockIsTrusted,
      Clock clock) {
    this.store = store;
    this.maxAge = maxAge;
    this.maxBytes = maxBytes;
    this.clockIsTrusted = clockIsTrusted;
    this.clock = clock;
  }

  /** Deletes what is older than it may be. */
  public void deleteOld() {
    if (!clockIsTrusted.getAsBoolean()) {
      log.warn("retention=held reason=clock");
      return;
    }
    Instant now = clock.instant();
    Optional<Instant> oldest = store.oldest();
    Instant cutoff = now.minus(maxAge);
    if (oldest.isEmpty() || !oldest.get().isBefore(cutoff)) {
      return;
    }
    long devices = store.deleteBefore(cutoff);
    if (part(Duration.between(oldest.get(), cutoff), oldest.get(), now) >= WORTH_COMPACTING) {
      store.compact();
    }
    log.info("retention=done reason=age cutoff={} devices={}", cutoff, devices);
  }

  private static double part(Duration deleted, Instant oldest, Instant now) {
    return (double) deleted.toMillis() / Math.max(1, Duration.between(oldest, now).toMillis());
  }

  /** Deletes the oldest until the store is as small as it has to be. */
  public void limitSize() {
    long before = store.bytes();
    if (maxBytes == 0 || before <= maxBytes) {
      return;
    }
    // Perhaps only what was deleted already takes the room.
    store.compact();
    Instant cutoff = Instant.EPOCH;
    for (int round = 0; round < MAX_ROUNDS && store.bytes() > maxBytes * TARGET; round++) {
      Optional<Instant> oldest = store.oldest();
      if (oldest.isEmpty()) {
        break;
      }
      cutoff = cutoffFor(oldest.get(), store.bytes());
      store.deleteBefore(cutoff);
      store.compact();
    }
    log.warn(
        "retention=done reason=size cutoff={} bytes_before={} bytes={} max_bytes={}",
        cutoff,
        before,
        store.bytes(),
        maxBytes);
  }

  /** As if readings came evenly; where they do not, the next round goes on. */
  private Instant cutoffFor(Instant oldest, long bytes) {
    double excess = (bytes - maxBytes * TARGET) / bytes;
    double part = Math.max(WORTH_COMPACTING, excess);
    long span = Math.max(0, Duration.between(oldest, clock.instant()).toMillis());
    return oldest.plusMillis((long) (span * part) + 1);
  }
}
