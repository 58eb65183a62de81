// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.countersign.protocol.Sha256;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Which deliveries came within the time in which their signatures are good. Bounded: beyond that
 * the oldest are forgotten early, and all at a restart. What comes again then is let in again, and
 * the sealed message in it is still what it was: a duplicate or a replay. Any thread.
 */
final class DeliveryMemory {
  /** Twice the five minutes by which a clock may be off: nothing older is let in by its time. */
  static final Duration KEPT = Duration.ofMinutes(10);

  private final Cache<Key, Sha256> bodies;

  private record Key(long relay, String delivery) {}

  /** What is known of a delivery. */
  enum Known {
    NEW,
    /** It came before, with the same body. */
    SAME,
    /** Its number came before, with another body. */
    OTHER_BODY
  }

  /**
   * @param nanos a clock that only rises, as {@link System#nanoTime}
   */
  DeliveryMemory(int maxDeliveries, LongSupplier nanos) {
    Ticker ticker = nanos::getAsLong;
    this.bodies =
        Caffeine.newBuilder()
            .maximumSize(maxDeliveries)
            .expireAfterWrite(KEPT)
            .ticker(ticker)
            .build();
  }

  Known note(long relay, String delivery, Sha256 body) {
    Sha256 before = bodies.asMap().putIfAbsent(new Key(relay, delivery), body);
    if (before == null) {
      return Known.NEW;
    }
    return before.equals(body) ? Known.SAME : Known.OTHER_BODY;
  }

  long size() {
    bodies.cleanUp();
    return bodies.estimatedSize();
  }
}
