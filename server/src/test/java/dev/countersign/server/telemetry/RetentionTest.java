// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import static dev.countersign.server.telemetry.Batches.NOW;
import static dev.countersign.server.telemetry.Batches.numbers;
import static dev.countersign.server.telemetry.Batches.plain;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.server.MutableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Readings go for their age, and the oldest first where they take too much room")
final class RetentionTest {
  private static final long BYTES = InMemoryReadingStore.BYTES_PER_READING;
  private final InMemoryReadingStore store = new InMemoryReadingStore();
  private final MutableClock clock = new MutableClock(NOW.plus(Duration.ofDays(100)));
  private boolean trusted = true;

  private Retention retention(int days, long maxBytes) {
    return new Retention(store, Duration.ofDays(days), maxBytes, () -> trusted, clock);
  }

  /** A reading a day of each of two devices, for a hundred days. */
  private void fill() {
    for (int day = 0; day < 100; day++) {
      store.record(plain(1, NOW.plus(Duration.ofDays(day)), day)).join();
      store.record(plain(2, NOW.plus(Duration.ofDays(day)), day)).join();
    }
  }

  private double firstDay(long device) {
    return numbers(store.between(device, Instant.EPOCH, Instant.MAX, 1)).getFirst();
  }

  @Test
  @DisplayName("by age: of every device, and the room comes back")
  void by_age() {
    fill();
    retention(30, 0).deleteOld();
    assertThat(firstDay(1)).isEqualTo(70);
    assertThat(firstDay(2)).isEqualTo(70);
    assertThat(store.bytes()).isEqualTo(60 * BYTES);
  }

  @Test
  @DisplayName("little by little, without writing the whole store anew each time")
  void compacts_when_it_is_worth_it() {
    fill();
    retention(98, 0).deleteOld();
    assertThat(firstDay(1)).isEqualTo(2);
    assertThat(store.bytes()).as("not compacted for two days of a hundred").isEqualTo(200 * BYTES);
  }

  @Test
  @DisplayName("nothing goes for its age while the clock may be wrong")
  void holds_while_the_clock_is_wrong() {
    fill();
    trusted = false;
    retention(30, 0).deleteOld();
    assertThat(firstDay(1)).isZero();
  }

  @Test
  @DisplayName("by size: down to nine tenths of the limit, the oldest of all first")
  void by_size() {
    fill();
    retention(400, 100 * BYTES).limitSize();
    assertThat(store.bytes()).isBetween(70 * BYTES, 90 * BYTES);
    assertThat(firstDay(1)).isEqualTo(firstDay(2)).isGreaterThan(50);
    assertThat(store.latest(1, 1)).as("the newest stay").isNotEmpty();
  }

  @Test
  @DisplayName("by size: also where most came just now")
  void by_size_uneven() {
    store.record(plain(1, NOW, 0)).join();
    for (int i = 0; i < 1_000; i++) {
      store.record(plain(2, clock.instant().minusSeconds(1_000 - i), i)).join();
    }
    retention(400, 500 * BYTES).limitSize();
    assertThat(store.bytes()).isLessThanOrEqualTo(450 * BYTES).isPositive();
  }

  @Test
  @DisplayName("by size: within the limit, and without one, nothing goes")
  void by_size_enough() {
    fill();
    retention(400, 200 * BYTES).limitSize();
    retention(400, 0).limitSize();
    assertThat(firstDay(1)).isZero();
  }

  @Test
  @DisplayName("by size: what was deleted before is no reason to delete more")
  void by_size_compacts_first() {
    fill();
    store.deleteBefore(NOW.plus(Duration.ofDays(60)));
    retention(400, 100 * BYTES).limitSize();
    assertThat(firstDay(1)).isEqualTo(60);
  }
}
