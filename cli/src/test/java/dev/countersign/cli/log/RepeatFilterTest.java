// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Whoever repeats himself does not fill the log")
final class RepeatFilterTest {
  private static final int RATE = 5;
  private static final int BURST = 50;

  private final LoggerContext context = new LoggerContext();
  private final Logger log = context.getLogger("test");
  private final ListAppender<ILoggingEvent> written = new ListAppender<>();
  private final RepeatFilter filter = new RepeatFilter(this::nanos);
  private long nanos;

  private long nanos() {
    return nanos;
  }

  @BeforeEach
  void connect() {
    filter.setLinesPerSecond(RATE);
    context.addTurboFilter(filter);
    written.start();
    log.addAppender(written);
    log.setLevel(Level.INFO);
  }

  private void refuse(int times) {
    for (int i = 0; i < times; i++) {
      log.info("outcome=refused peer={}", i);
    }
  }

  private List<String> lines() {
    return written.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  @DisplayName("a burst is written, the rest is counted, and the sum is told")
  void limits() {
    refuse(BURST + 1_000);
    assertThat(lines()).hasSize(BURST).endsWith("outcome=refused peer=" + (BURST - 1));

    nanos += TimeUnit.SECONDS.toNanos(1);
    refuse(1_000);
    assertThat(lines()).hasSize(BURST + RATE + 1);
    assertThat(lines().get(BURST))
        .isEqualTo("log=suppressed lines=1000 kind=\"outcome=refused peer={}\"");
  }

  @Test
  @DisplayName("another kind is not touched by it")
  void kinds() {
    refuse(1_000);
    log.warn("disk=full");
    assertThat(lines()).endsWith("disk=full");
  }

  @Test
  @DisplayName("what is below the level costs nothing of it")
  void levels() {
    for (int i = 0; i < 1_000; i++) {
      log.debug("outcome=refused peer={}", i);
    }
    refuse(BURST);
    assertThat(lines()).hasSize(BURST);
  }

  @Test
  @DisplayName("messages made at run time share an allowance, and no memory")
  void many_kinds() {
    for (int i = 0; i < 10_000; i++) {
      log.info("kind " + i);
    }
    assertThat(lines()).hasSize(1_000 + BURST);
  }

  @Test
  @DisplayName("0 is no limit")
  void off() {
    filter.setLinesPerSecond(0);
    refuse(10_000);
    assertThat(lines()).hasSize(10_000);
  }
}
