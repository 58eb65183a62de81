// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.server.http.AddressBlock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Quotas: so much at once, so much in a time, and no more")
final class QuotaTest {
  private static final AddressBlock HERE = new AddressBlock(false, 1);
  private static final AddressBlock THERE = new AddressBlock(false, 2);

  /** A clock may begin anywhere, also shortly before it overflows. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private DeviceQuotas quotas(int perMinute, int burst, long bytesPerDay) {
    return new DeviceQuotas(perMinute, burst, bytesPerDay, 100, nanos::get);
  }

  @Test
  @DisplayName("a burst at once, then one after each interval, for each device by itself")
  void requests() {
    DeviceQuotas quotas = quotas(60, 3, 1_000_000);
    for (int i = 0; i < 3; i++) {
      assertThat(quotas.take(1, 0)).isZero();
    }
    assertThat(quotas.take(1, 0)).isEqualTo(1);
    assertThat(quotas.take(2, 0)).isZero();

    pass(Duration.ofSeconds(1));
    assertThat(quotas.take(1, 0)).isZero();
    assertThat(quotas.take(1, 0)).isEqualTo(1);

    pass(Duration.ofHours(1));
    for (int i = 0; i < 3; i++) {
      assertThat(quotas.take(1, 0)).isZero();
    }
    assertThat(quotas.take(1, 0)).isPositive();
  }

  @Test
  @DisplayName("bytes of a day; what a request exceeds them by is owed")
  void bytes() {
    DeviceQuotas quotas = quotas(6000, 1000, 86_400);
    assertThat(quotas.take(1, 86_399)).isZero();
    assertThat(quotas.take(1, 100)).isZero();
    assertThat(quotas.take(1, 1)).isEqualTo(100);
    pass(Duration.ofSeconds(99));
    assertThat(quotas.take(1, 1)).isEqualTo(1);
    pass(Duration.ofSeconds(1));
    assertThat(quotas.take(1, 1)).isZero();
  }

  @Property(tries = 50)
  void never_more_than_burst_and_rate(
      @ForAll @IntRange(min = 1, max = 50) int burst,
      @ForAll List<@IntRange(min = 0, max = 3000) Integer> pausesMillis) {
    DeviceQuotas quotas = quotas(60, burst, 1_000_000);
    long begin = nanos.get();
    int taken = 0;
    for (int pause : pausesMillis) {
      pass(Duration.ofMillis(pause));
      taken += quotas.take(1, 0) == 0 ? 1 : 0;
    }
    assertThat(taken).isLessThanOrEqualTo(burst + (int) ((nanos.get() - begin) / 1_000_000_000));
  }

  @Test
  @DisplayName("threads that take at once get no more together than one alone")
  void concurrent() {
    DeviceQuotas quotas = quotas(60, 500, 1_000_000);
    var taken = new AtomicInteger();
    CompletableFuture<?>[] threads =
        IntStream.range(0, 4)
            .mapToObj(i ->
                CompletableFuture.runAsync(() -> {
                  for (int n = 0; n < 1000; n++) {
                    taken.addAndGet(quotas.take(1, 0) == 0 ? 1 : 0);
                  }
                }))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(threads).join();
    assertThat(taken).hasValue(500);
  }

  @Test
  @DisplayName("failed attempts of one address: so many, then a pause, and nothing for another")
  void attempts() {
    var attempts = new FailedAttempts(3, Duration.ofMinutes(3), nanos::get);
    for (int i = 0; i < 3; i++) {
      assertThat(attempts.wait(HERE)).isZero();
      attempts.failed(HERE);
    }
    assertThat(attempts.wait(HERE)).isEqualTo(60);
    assertThat(attempts.wait(THERE)).isZero();

    pass(Duration.ofMinutes(1));
    assertThat(attempts.wait(HERE)).isZero();
    attempts.failed(HERE);
    assertThat(attempts.wait(HERE)).isEqualTo(60);
  }
}
