// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.retry;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/**
 * Exponential back-off with full jitter: a fleet that lost its server at one moment does not come
 * back at one moment. Not thread-safe: each task has its own.
 */
public final class Backoff {
  /** A server cannot silence a device for longer than this. */
  public static final Duration RETRY_AFTER_CAP = Duration.ofMinutes(10);

  /** 2^30 s is longer than any cap. */
  private static final int MAX_DOUBLINGS = 30;

  private final Pace pace;
  private final Random random;
  private int failures;

  /**
   * Begins without a failure.
   *
   * @param random need not be secret, but must differ between devices
   */
  public Backoff(Pace pace, Random random) {
    this.pace = pace;
    this.random = random;
  }

  /**
   * How long to wait after one more failure, where the server may have said so.
   *
   * @param retryAfter what it said; waited for at least, up to {@link #RETRY_AFTER_CAP}
   */
  public Duration next(Optional<Duration> retryAfter) {
    if (!retryAfter.isPresent()) {
      return next(pace.cap());
    }
    failures++;
    Duration asked = retryAfter.get();
    Duration bounded = asked.compareTo(RETRY_AFTER_CAP) > 0 ? RETRY_AFTER_CAP : asked;
    // All devices were told the same number.
    return bounded.plus(upTo(pace.first()));
  }

  /** How long to wait after one more refusal that will not go away by itself. */
  public Duration nextAfterRefusal() {
    return next(pace.refusedCap());
  }

  private Duration next(Duration cap) {
    int doublings = Math.min(failures++, MAX_DOUBLINGS);
    return upTo(Duration.ofMillis(Math.min(cap.toMillis(), pace.first().toMillis() << doublings)));
  }

  private Duration upTo(Duration ceiling) {
    return Duration.ofMillis((long) (random.nextDouble() * (ceiling.toMillis() + 1)));
  }

  /** How often it failed since the last success. */
  public int failures() {
    return failures;
  }

  /** It worked. */
  public void succeeded() {
    failures = 0;
  }
}
