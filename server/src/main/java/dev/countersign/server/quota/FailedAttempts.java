// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.quota;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.countersign.server.http.AddressBlock;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Counts failed attempts to show a token, by address. Who has failed too often is sent away before
 * his token is looked at, so that the answer says nothing about it. Any thread.
 *
 * <p>Everybody behind one address is one here: one broken device keeps the others from enrolling
 * for a while, and from nothing else.
 */
public final class FailedAttempts {
  /** More addresses than this forget the one that was quiet longest. */
  private static final int MAX_ADDRESSES = 100_000;

  private final Rate failures;
  private final LongSupplier nanos;
  private final Cache<AddressBlock, Allowance> byAddress;

  /**
   * Nothing failed yet.
   *
   * @param max failures until an address is sent away
   * @param window after which all of them are forgotten; one of them sooner
   * @param nanos a clock that only rises, as {@link System#nanoTime}
   */
  public FailedAttempts(int max, Duration window, LongSupplier nanos) {
    this.failures = Rate.of(max, window, max);
    this.nanos = nanos;
    this.byAddress =
        Caffeine.newBuilder().maximumSize(MAX_ADDRESSES).expireAfterWrite(window).build();
  }

  /** Seconds until somebody from there may try again; 0 if now. */
  public long wait(AddressBlock from) {
    Allowance left = byAddress.getIfPresent(from);
    return left == null ? 0 : DeviceQuotas.seconds(left.wait(failures, nanos.getAsLong()));
  }

  /** Somebody from there showed what does not count. */
  public void failed(AddressBlock from) {
    long now = nanos.getAsLong();
    Allowance left = byAddress.asMap().computeIfAbsent(from, address -> new Allowance(now));
    byAddress.put(from, left); // its window begins anew
    left.take(failures, 1, now);
  }
}
