// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.quota;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What each device may still ask for. Forgets the devices that were away longest, and all at a
 * restart: this keeps a device in a loop from hurting others, and is no accounting. Any thread.
 */
public final class DeviceQuotas {
  private static final Duration DAY = Duration.ofDays(1);

  private final Rate requests;
  private final Rate bytes;
  private final LongSupplier nanos;
  private final LoadingCache<Long, Allowances> byDevice;

  private record Allowances(Allowance requests, Allowance bytes) {}

  /**
   * Quotas that are the same for every device.
   *
   * @param requestsPerMinute on average
   * @param burst requests at once after a rest
   * @param bytesPerDay of what devices send
   * @param maxDevices of how many the quotas are remembered
   * @param nanos a clock that only rises, as {@link System#nanoTime}
   */
  public DeviceQuotas(
      int requestsPerMinute, int burst, long bytesPerDay, int maxDevices, LongSupplier nanos) {
    this.requests = Rate.of(requestsPerMinute, Duration.ofMinutes(1), burst);
    this.bytes = Rate.of(bytesPerDay, DAY, bytesPerDay);
    this.nanos = nanos;
    this.byDevice = Caffeine.newBuilder().maximumSize(maxDevices).build(id -> fresh(nanos));
  }

  private static Allowances fresh(LongSupplier nanos) {
    long now = nanos.getAsLong();
    return new Allowances(new Allowance(now), new Allowance(now));
  }

  /**
   * Takes one request of so many bytes out of a device's quota.
   *
   * @return seconds until it is worth to ask again; 0 if it was taken
   */
  public long take(long deviceId, long size) {
    Allowances left = byDevice.get(deviceId);
    long now = nanos.getAsLong();
    long wait = left.bytes().wait(bytes, now);
    if (wait == 0) {
      wait = left.requests().take(requests, 1, now);
    }
    if (wait == 0) {
      return size == 0 ? 0 : seconds(left.bytes().take(bytes, size, now));
    }
    return seconds(wait);
  }

  static long seconds(long nanos) {
    return (nanos + 999_999_999) / 1_000_000_000;
  }
}
