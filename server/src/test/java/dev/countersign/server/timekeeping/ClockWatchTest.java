// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.timekeeping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.server.MutableClock;
import dev.countersign.server.timekeeping.ClockWatch.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A clock is believed as long as nothing speaks against it")
final class ClockWatchTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir private Path directory;
  private final MutableClock clock = new MutableClock(NOW);
  private long nanos;

  private Path mark() {
    return directory.resolve("clock");
  }

  private ClockWatch open() throws IOException {
    return new ClockWatch(mark(), clock, () -> nanos);
  }

  /** Time goes by, for both clocks. */
  private void pass(ClockWatch watch, Duration by) throws IOException {
    clock.advance(by);
    nanos += by.toNanos();
    watch.check();
  }

  @Test
  @DisplayName("one that goes is good, and the time is written down")
  void good() throws IOException {
    ClockWatch watch = open();
    pass(watch, MINUTE);
    pass(watch, MINUTE);
    assertThat(watch.isTrusted()).isTrue();
    assertThat(mark()).content().isEqualToIgnoringNewLines("2026-11-21T12:02:00Z");
  }

  @Test
  @DisplayName("one that woke up before a time that was is behind, until it is set")
  void behind_at_start() throws IOException {
    pass(open(), MINUTE);
    clock.advance(Duration.ofDays(-365));
    ClockWatch watch = open();
    assertThat(watch.verdict()).isEqualTo(new Verdict.Behind(NOW.plus(MINUTE)));
    pass(watch, MINUTE);
    assertThat(watch.isTrusted()).isFalse();
    clock.advance(Duration.ofDays(365));
    watch.check();
    assertThat(watch.verdict()).isInstanceOf(Verdict.Jumped.class);
  }

  @Test
  @DisplayName("set back under a running server it is behind; by seconds it is not")
  void behind_while_running() throws IOException {
    ClockWatch watch = open();
    pass(watch, MINUTE);
    clock.advance(ClockWatch.BACK.negated());
    watch.check();
    assertThat(watch.isTrusted()).isTrue();
    clock.advance(Duration.ofSeconds(-1));
    watch.check();
    assertThat(watch.verdict()).isEqualTo(new Verdict.Behind(NOW.plus(MINUTE)));
  }

  @Test
  @DisplayName("a jump ahead is not believed for a day, and not written down")
  void jumped() throws IOException {
    ClockWatch watch = open();
    pass(watch, MINUTE);
    clock.advance(Duration.ofDays(73 * 365));
    pass(watch, MINUTE);
    assertThat(watch.verdict()).isInstanceOf(Verdict.Jumped.class);
    assertThat(mark()).content().startsWith("2026-11-21T12:01:00Z");

    pass(watch, ClockWatch.PROBATION.minus(MINUTE));
    assertThat(watch.isTrusted()).isFalse();
    pass(watch, MINUTE);
    assertThat(watch.isTrusted()).isTrue();
    assertThat(mark()).content().startsWith("2099-");
  }

  @Test
  @DisplayName("a jump ahead that is taken back leaves no doubt")
  void jumped_and_back() throws IOException {
    ClockWatch watch = open();
    pass(watch, MINUTE);
    clock.advance(Duration.ofDays(400));
    watch.check();
    clock.advance(Duration.ofDays(-400));
    watch.check();
    assertThat(watch.isTrusted()).isTrue();
  }

  @Test
  @DisplayName("a server that was off for months wonders; for weeks it does not")
  void off() throws IOException {
    pass(open(), MINUTE);
    clock.advance(ClockWatch.OFF);
    assertThat(open().isTrusted()).isTrue();
    clock.advance(MINUTE);
    assertThat(open().verdict()).isInstanceOf(Verdict.Jumped.class);
  }

  @Test
  @DisplayName("a file that a crash left empty is as none")
  void unreadable_mark() throws IOException {
    Files.writeString(mark(), "");
    ClockWatch watch = open();
    pass(watch, MINUTE);
    assertThat(mark()).content().startsWith("2026-11-21T12:01:00Z");
  }
}
