// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.MalformedException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A webhook's document")
class HookBodyTest {
  private static HookBody parse(String body, String field) throws MalformedException {
    return HookBody.parse(body.getBytes(UTF_8), field);
  }

  @Test
  @DisplayName("Particle's fields are understood")
  void reads_particle() throws MalformedException {
    assertThat(
            parse(
                "{\"o\":\"o1.AA.AA\",\"event\":\"cs\",\"coreid\":\"3f002b000000000000000000\","
                    + "\"published_at\":\"2026-11-21T12:00:00.123Z\"}",
                "o"))
        .isEqualTo(
            new HookBody(
                "o1.AA.AA",
                Optional.of("3f002b000000000000000000"),
                Optional.of(Instant.parse("2026-11-21T12:00:00.123Z"))));
  }

  @Test
  @DisplayName("dots lead to a token further in")
  void follows_dots() throws MalformedException {
    assertThat(parse("{\"a\":{\"b\":{\"c\":\"t\"}}}", "a.b.c").token()).isEqualTo("t");
  }

  @ParameterizedTest
  @CsvSource({
    "1764000000, 2025-11-24T16:00:00Z",
    "1764000000123, 2025-11-24T16:00:00.123Z",
    "\"2025-11-24T16:00:00Z\", 2025-11-24T16:00:00Z",
    "\"yesterday\",",
    "-1,",
    "1e300,",
    "99999999999999999999,",
    "null,"
  })
  @DisplayName("a time is read if it is one, and missing otherwise")
  void reads_times(String time, Instant expected) throws MalformedException {
    assertThat(parse("{\"o\":\"t\",\"timestamp\":" + time + "}", "o").sentAt())
        .isEqualTo(Optional.ofNullable(expected));
  }

  @Test
  @DisplayName("a name that could do harm in a log is passed over")
  void passes_over_bad_names() throws MalformedException {
    assertThat(parse("{\"o\":\"t\",\"device\":\"a\\nb\"}", "o").device()).isEmpty();
    assertThat(parse("{\"o\":\"t\",\"device\":\"" + "x".repeat(65) + "\"}", "o").device())
        .isEmpty();
    assertThat(parse("{\"o\":\"t\",\"device\":7}", "o").device()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "\"o1.AA.AA\"",
        "{}",
        "{\"o\":\"\"}",
        "{\"o\":7}",
        "{\"o\":{\"o\":\"t\"}}",
        "{\"o\":\"t\",\"o\":\"u\"}",
        "{\"o\":\"t\"",
        "o1.AA.AA"
      })
  @DisplayName("without a token there is nothing to do")
  void refuses_others(String body) {
    assertThatThrownBy(() -> parse(body, "o")).isInstanceOf(MalformedException.class);
  }
}
