// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Waiting between attempts")
class BackoffTest {
  /** Draws this part of each range. */
  private static final class Draw extends Random {
    private static final long serialVersionUID = 1L;

    private final double part;

    Draw(double part) {
      this.part = part;
    }

    @Override
    public double nextDouble() {
      return part;
    }
  }

  private static Backoff drawing(double part) {
    return new Backoff(Pace.STANDARD, new Draw(part));
  }

  @Test
  @DisplayName("the range doubles up to a minute, and begins anew after a success")
  void doubles_up_to_the_cap() {
    Backoff backoff = drawing(1);
    assertThat(backoff.next(Optional.empty())).isBetween(seconds(1), millis(1001));
    assertThat(backoff.next(Optional.empty())).isBetween(seconds(2), millis(2001));
    for (int i = 0; i < 100; i++) {
      assertThat(backoff.next(Optional.empty())).isLessThanOrEqualTo(millis(60_001));
    }
    assertThat(backoff.next(Optional.empty())).isGreaterThanOrEqualTo(seconds(60));
    assertThat(backoff.failures()).isEqualTo(103);
    backoff.succeeded();
    assertThat(backoff.next(Optional.empty())).isLessThan(seconds(2));
  }

  @Test
  @DisplayName("the whole range is used, from nothing on: a fleet does not come back at once")
  void has_full_jitter() {
    Backoff backoff = drawing(0);
    for (int i = 0; i < 10; i++) {
      assertThat(backoff.next(Optional.empty())).isZero();
    }
  }

  @Test
  @DisplayName("waits as long as the server said, and some more, but never for ever")
  void honours_retry_after() {
    assertThat(drawing(0).next(Optional.of(seconds(7)))).isEqualTo(seconds(7));
    assertThat(drawing(1).next(Optional.of(seconds(7)))).isBetween(seconds(8), millis(8001));
    assertThat(drawing(0).next(Optional.of(Duration.ofDays(365))))
        .isEqualTo(Backoff.RETRY_AFTER_CAP);
  }

  @Test
  @DisplayName("after refusals it becomes slower than after outages")
  void is_slow_after_refusals() {
    Backoff backoff = drawing(1);
    for (int i = 0; i < 20; i++) {
      backoff.nextAfterRefusal();
    }
    assertThat(backoff.nextAfterRefusal()).isBetween(seconds(600), millis(600_001));
  }

  @Test
  @DisplayName("a pace that never waits is refused")
  void refuses_a_pace_without_waits() {
    assertThatThrownBy(() -> new Pace(Duration.ZERO, seconds(1), seconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Pace(seconds(2), seconds(1), seconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Pace(seconds(1), seconds(2), seconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }
}
