// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayName("One event is one line")
final class LineEncoderTest {
  private final LineEncoder encoder = new LineEncoder();

  private String line(@Nullable Throwable thrown, String message, Object... values) {
    var logger = new LoggerContext().getLogger("dev.countersign.server.http.HttpListener");
    var event = new LoggingEvent("", logger, Level.WARN, message, thrown, values);
    event.setInstant(Instant.parse("2026-11-21T20:30:00.123456Z"));
    return new String(encoder.encode(event), UTF_8);
  }

  @Test
  @DisplayName("as text: time in UTC, level, who says it, what")
  void text() {
    assertThat(line(null, "listener={} path={}", "device-https", "/a b"))
        .isEqualTo(
            "2026-11-21T20:30:00.123Z WARN  d.c.s.h.HttpListener"
                + " listener=device-https path=\"/a b\"\n");
  }

  @Test
  @DisplayName("a stack trace is part of the line, and so is a message with a line end in it")
  void stack() {
    String line = line(new IllegalStateException("two\nlines"), "bug");
    assertThat(line.lines()).hasSize(1);
    assertThat(line).contains("bug stack=\"java.lang.IllegalStateException: two\\nlines\\n\\tat ");
  }

  @Test
  @DisplayName("as JSON: the same, with the fields apart")
  void json() {
    encoder.setFormat(LineEncoder.Format.JSON);
    String line = line(new IllegalStateException("x"), "listener={} n={}", "a\n\u2028b", 3);
    assertThat(line.lines()).hasSize(1);
    assertThat(line.strip()).matches("[ -~]*");
    JsonNode json = new JsonMapper().readTree(line);
    assertThat(json.path("time").asString()).isEqualTo("2026-11-21T20:30:00.123Z");
    assertThat(json.path("level").asString()).isEqualTo("WARN");
    assertThat(json.path("logger").asString())
        .isEqualTo("dev.countersign.server.http.HttpListener");
    assertThat(json.path("message").asString()).isEqualTo("listener=\"a\\n\\u2028b\" n=3");
    assertThat(json.path("fields").path("listener").asString()).isEqualTo("a\n\u2028b");
    assertThat(json.path("fields").path("n").asInt()).isEqualTo(3);
    assertThat(json.path("stack").asString()).startsWith("java.lang.IllegalStateException: x");
  }
}
