// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.countersign.protocol.sealed.LostState;
import java.security.SecureRandom;
import java.time.Duration;

/**
 * The server's part of new agreements after lost state (RFC 8613 appendix B.2): a key for each
 * device by which it knows an R2 of its own again. Random, in memory, gone after an hour and with
 * the agreement it was for, so that a recorded second step is never good twice. Bounded; safe for
 * many threads.
 */
final class Agreements {
  private static final Duration LIFE = Duration.ofHours(1);
  private static final int KEY_BYTES = 32;

  private final SecureRandom random;
  private final Cache<Long, byte[]> keys;

  /**
   * @param nanoTime a clock that never goes back, in nanoseconds
   */
  Agreements(SecureRandom random, Ticker nanoTime, long maxDevices) {
    this.random = random;
    this.keys =
        Caffeine.newBuilder()
            .maximumSize(maxDevices)
            .expireAfterWrite(LIFE)
            .ticker(nanoTime)
            .build();
  }

  /** A new R2 for this device. */
  byte[] r2(long deviceId) {
    byte[] key = keys.get(deviceId, _ -> randomBytes(KEY_BYTES));
    return LostState.r2(randomBytes(LostState.RANDOM_BYTES), key);
  }

  /** Whether an ID Context begins with an R2 that this device was given and has not used. */
  boolean isOffered(long deviceId, byte[] idContext) {
    byte[] key = keys.getIfPresent(deviceId);
    return key != null && LostState.isOurs(idContext, key);
  }

  /** What was offered is used, or void. */
  void forget(long deviceId) {
    keys.invalidate(deviceId);
  }

  private byte[] randomBytes(int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
