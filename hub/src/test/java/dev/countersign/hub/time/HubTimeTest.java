// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The time of a hub without a clock")
class HubTimeTest {
  private static final Instant FLOOR = Instant.parse("2026-11-01T00:00:00Z");

  private final AtomicLong nanos = new AtomicLong(-5);
  private final HubTime time = new HubTime(FLOOR, nanos::get);

  private void advance(Duration by) {
    nanos.addAndGet(by.toNanos());
  }

  @Test
  @DisplayName("rises with what passes, and is not known until somebody tells it")
  void floor() {
    assertThat(time.floor()).isEqualTo(FLOOR);
    advance(Duration.ofHours(3));
    assertThat(time.floor()).isEqualTo(FLOOR.plus(Duration.ofHours(3)));
    assertThat(time.now()).isEmpty();
    assertThat(time.isCertainlyBefore(FLOOR.plus(Duration.ofDays(9999)))).isFalse();
  }

  @Test
  @DisplayName("is what an owner told, and goes on from there")
  void told() {
    Instant noon = FLOOR.plus(Duration.ofDays(21));
    assertThat(time.told(noon)).isTrue();
    advance(Duration.ofMinutes(1));
    assertThat(time.now()).contains(noon.plusSeconds(60));
    assertThat(time.isCertainlyBefore(noon.plusSeconds(60))).isFalse();
    assertThat(time.isCertainlyBefore(noon.plusSeconds(60).plusNanos(1))).isTrue();
  }

  @Test
  @DisplayName("never goes back: who tells an earlier time changes nothing, known or not")
  void rewind() {
    advance(Duration.ofSeconds(10));
    assertThat(time.told(FLOOR.plusSeconds(10).minusNanos(1))).isFalse();
    assertThat(time.now()).isEmpty();
    assertThat(time.told(FLOOR.plusSeconds(10))).isTrue();
    assertThat(time.told(FLOOR)).isFalse();
    assertThat(time.now()).contains(FLOOR.plusSeconds(10));
  }

  @Test
  @DisplayName("is unknown again after a restart, and not before what was told")
  void restart() {
    Instant noon = FLOOR.plus(Duration.ofDays(21));
    time.told(noon);
    var next = new HubTime(noon, nanos::get);
    assertThat(next.now()).isEmpty();
    assertThat(next.floor()).isEqualTo(noon);
    assertThat(next.told(noon.minusNanos(1))).isFalse();
  }
}
