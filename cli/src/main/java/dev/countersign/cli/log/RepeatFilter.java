// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Lets through so many lines of one kind a second, some more at first, and says how many it kept
 * back. The kind is the message without its values, so that whoever fills the log with refusals
 * keeps no other line out of it.
 */
public final class RepeatFilter extends TurboFilter {
  /** What may come at once after a quiet time, in seconds' worth of lines. */
  private static final int BURST_SECONDS = 10;

  /** Messages put together at run time, as libraries do, share one allowance beyond this. */
  private static final int MAX_KINDS = 1_000;

  private static final String OTHERS = "others";
  private static final String SUMMARY = "log=suppressed lines={} kind=\"{}\"";

  private final LongSupplier nanoTime;
  private final Map<String, Kind> kinds = new ConcurrentHashMap<>();
  private volatile int linesPerSecond = 20;

  public RepeatFilter() {
    this(System::nanoTime);
  }

  RepeatFilter(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Allows so many lines of one kind; 0 for any number. */
  public void setLinesPerSecond(int linesPerSecond) {
    this.linesPerSecond = linesPerSecond;
    kinds.clear();
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String message,
      Object @Nullable [] values,
      @Nullable Throwable thrown) {
    int rate = linesPerSecond;
    if (rate == 0
        || message == null // somebody asks whether a level is on
        || message.equals(SUMMARY)
        || !level.isGreaterOrEqual(logger.getEffectiveLevel())) {
      return FilterReply.NEUTRAL;
    }
    String name = kinds.size() < MAX_KINDS || kinds.containsKey(message) ? message : OTHERS;
    long suppressed =
        kinds.computeIfAbsent(name, _ -> new Kind(rate)).take(nanoTime.getAsLong(), rate);
    if (suppressed < 0) {
      return FilterReply.DENY;
    }
    if (suppressed > 0) {
      logger.warn(SUMMARY, suppressed, name);
    }
    return FilterReply.NEUTRAL;
  }

  /** What may still be written of one kind. */
  private static final class Kind {
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private double allowance;
    private long lastNanos;
    private boolean seen;
    private long suppressed;

    Kind(int rate) {
      allowance = (double) rate * BURST_SECONDS;
    }

    /** Returns how many were kept back since the last one that was written, or -1 for this one. */
    synchronized long take(long nanos, int rate) {
      if (seen) {
        double earned = (nanos - lastNanos) / NANOS_PER_SECOND * rate;
        allowance = Math.min((double) rate * BURST_SECONDS, allowance + earned);
      }
      seen = true;
      lastNanos = nanos;
      if (allowance < 1 || (suppressed > 0 && allowance < rate)) {
        // Once it overflows it goes on by the second, so that the sums are not half of the log.
        suppressed++;
        return -1;
      }
      allowance--;
      long kept = suppressed;
      suppressed = 0;
      return kept;
    }
  }
}
