// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.timekeeping;

import dev.countersign.protocol.ReleaseTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the machine's clock with the last time that was known, which is kept in a file, and with
 * a clock that nobody sets.
 *
 * <p>A clock behind the last known time is wrong now, or was then. One that jumped ahead may be
 * right, after a long sleep; it is taken for right after a day of running on, and until then is not
 * written down, so that a wrong year does not make all later ones wrong.
 */
public final class ClockWatch {
  private static final Logger log = LoggerFactory.getLogger(ClockWatch.class);

  /** What a clock may be set back by without a word. */
  static final Duration BACK = Duration.ofMinutes(2);

  /** What a clock may be set ahead by while the server runs. */
  static final Duration AHEAD = Duration.ofHours(1);

  /** How long a server may have been off without anybody wondering about the clock. */
  static final Duration OFF = Duration.ofDays(30);

  static final Duration PROBATION = Duration.ofHours(24);

  /** What is to be thought of the clock. */
  public sealed interface Verdict {
    /** Nothing speaks against it. */
    record Good() implements Verdict {}

    /**
     * It is behind.
     *
     * @param known a time that has been before
     */
    record Behind(Instant known) implements Verdict {}

    /**
     * It went ahead.
     *
     * @param trustedFrom by this clock
     */
    record Jumped(Duration by, Instant trustedFrom) implements Verdict {}
  }

  private final Path mark;
  private final Clock clock;
  private final LongSupplier nanoTime;

  private @Nullable Instant highest;
  private Instant lastInstant;
  private long lastNanos;
  private volatile Verdict verdict = new Verdict.Good();

  /**
   * Begins with a first look.
   *
   * @param mark the file that holds the last known time; may be absent
   * @param nanoTime nanoseconds of a clock that nobody sets
   */
  public ClockWatch(Path mark, Clock clock, LongSupplier nanoTime) throws IOException {
    this.mark = mark;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.highest = read();
    this.lastInstant = clock.instant();
    this.lastNanos = nanoTime.getAsLong();
    if (highest != null && lastInstant.isAfter(highest.plus(OFF))) {
      jumped(Duration.between(highest, lastInstant));
    }
    judge();
  }

  private @Nullable Instant read() throws IOException {
    if (!Files.exists(mark)) {
      return null;
    }
    try {
      return Instant.parse(Files.readString(mark).strip());
    } catch (DateTimeException e) {
      log.warn("clock_file=unreadable path={}", mark);
      return null;
    }
  }

  public Verdict verdict() {
    return verdict;
  }

  /** Whether something may be thrown away for its age. */
  public boolean isTrusted() {
    return verdict instanceof Verdict.Good;
  }

  /**
   * Looks at the clock, and writes the time down.
   *
   * @throws IOException if that could not be done; the verdict is up to date all the same
   */
  public synchronized void check() throws IOException {
    Instant now = clock.instant();
    long nanos = nanoTime.getAsLong();
    Duration ahead = Duration.between(lastInstant.plusNanos(nanos - lastNanos), now);
    lastInstant = now;
    lastNanos = nanos;
    if (ahead.compareTo(AHEAD) > 0) {
      jumped(ahead);
    }
    judge();
    if (isTrusted() && (highest == null || now.isAfter(highest))) {
      highest = now;
      write(now);
    }
  }

  private void jumped(Duration by) {
    verdict = new Verdict.Jumped(by, lastInstant.plus(PROBATION));
    log.warn("clock=jumped_ahead seconds={}", by.toSeconds());
  }

  private void judge() {
    Instant known = known();
    if (lastInstant.isBefore(known.minus(BACK))) {
      if (!(verdict instanceof Verdict.Behind)) {
        log.warn("clock=behind now={} known={}", lastInstant, known);
      }
      verdict = new Verdict.Behind(known);
    } else if (!(verdict instanceof Verdict.Jumped jumped)
        || !lastInstant.isBefore(jumped.trustedFrom())
        || lastInstant.isBefore(jumped.trustedFrom().minus(PROBATION))) {
      // Never ahead, long enough so, or set back since.
      verdict = new Verdict.Good();
    }
  }

  /** This program was not made in the future. */
  private Instant known() {
    return highest == null || highest.isBefore(ReleaseTime.EARLIEST)
        ? ReleaseTime.EARLIEST
        : highest;
  }

  private void write(Instant now) throws IOException {
    Path draft = mark.resolveSibling(mark.getFileName() + ".new");
    Files.writeString(draft, now + "\n");
    Files.move(draft, mark, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
