// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar.Flag;
import dev.countersign.protocol.Scalar.Numeric;
import dev.countersign.protocol.Scalar.Text;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Readings in plain JSON")
final class JsonReadingsTest {
  private static final Instant AT = Instant.parse("2026-11-21T20:30:00Z");

  private static List<Reading> decode(String json) throws MalformedException {
    return JsonReadings.decode(json.getBytes(UTF_8));
  }

  private static MalformedException refusal(String json) {
    var refused = catchThrowableOfType(MalformedException.class, () -> decode(json));
    assertThat(refused).as(json).isNotNull();
    return refused;
  }

  @Test
  @DisplayName("one flat object, in the order it was written")
  void reads_object() throws Exception {
    assertThat(
            decode(
                """
                {"temperature":21.5,"door":"closed","ok":true,"at":"2026-11-21T20:30:00Z"}
                """))
        .containsExactly(
            new Reading("temperature", new Numeric(21.5), AT),
            new Reading("door", new Text("closed"), AT),
            new Reading("ok", new Flag(true), AT));
  }

  @Test
  @DisplayName("an array of objects, each with its own time or none")
  void reads_array() throws Exception {
    assertThat(decode("[{\"a\":1,\"at\":\"2026-11-21T20:30:00Z\"},{},{\"b\":-2e-3}]"))
        .containsExactly(
            new Reading("a", new Numeric(1), AT), new Reading("b", new Numeric(-0.002), null));
  }

  @Test
  @DisplayName("a time with an offset is the same instant")
  void reads_time_with_offset() throws Exception {
    assertThat(decode("{\"a\":1,\"at\":\"2026-11-21T21:30:00+01:00\"}").get(0).at()).contains(AT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "1",
        "null",
        "\"a\"",
        "[]",
        "{}",
        "[{}]",
        "[1]",
        "[[{\"a\":1}]]",
        "{\"a\":1",
        "[{\"a\":1}",
        "[{\"a\":1},]",
        "{\"a\":1}{\"b\":1}",
        "{\"a\":1} x",
        "{'a':1}",
        "{a:1}",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "{\"a\":1,\"a\":2}",
        "{\"at\":\"2026-11-21T20:30:00Z\"}",
        "{\"a\":1/*c*/}",
        "{\"a\":11111111111111111111111111111111111111111111111111}"
      })
  @DisplayName("what is not JSON with a reading names the body")
  void refuses_other_bodies(String json) {
    assertThat(refusal(json).field()).isEqualTo("body");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"temperature":null}              | temperature
          {"temperature":{"value":1}}       | temperature
          {"temperature":[1]}               | temperature
          {"temperature":9007199254740993}  | temperature
          {"temperature":1e400}             | temperature
          {"temperature":1e99999999999}     | temperature
          {"temperature":-1e-99999999999}   | temperature
          {"temperature":"\\ud800"}         | temperature
          {"1a":1}                          | 1a
          {"a b":1}                         | a?b
          {"":1}                            | name
          {"\\n2026 INFO":1}                | ?2026?INFO
          {"a":1,"at":"yesterday"}          | at
          {"a":1,"at":1700000000}           | at
          {"a":1,"at":"1969-12-31T23:59:59Z"} | at
          {"a":1,"at":"+10000-01-01T00:00:00Z"} | at
          """)
  @DisplayName("what is wrong with one field names it")
  void names_field(String json, String field) {
    assertThat(refusal(json).field()).isEqualTo(field);
  }

  @Test
  @DisplayName("at most 1 KiB of text and 1024 readings")
  void limits_size() throws Exception {
    assertThat(decode("{\"a\":\"" + "x".repeat(1024) + "\"}")).hasSize(1);
    assertThat(refusal("{\"a\":\"" + "x".repeat(1025) + "\"}").field()).isEqualTo("a");
    assertThat(decode("[" + "{\"a\":1},".repeat(1023) + "{\"a\":1}]")).hasSize(1024);
    assertThat(refusal("[" + "{\"a\":1},".repeat(1024) + "{\"a\":1}]").field()).isEqualTo("body");
  }

  @Test
  @DisplayName("bytes that are not UTF-8 are not JSON (RFC 8259 §8.1)")
  void refuses_other_encodings() {
    byte[] latin1 = {'{', '"', 'a', '"', ':', '"', (byte) 0xe9, '"', '}'};
    byte[] surrogate = {
      '{', '"', 'a', '"', ':', '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"', '}'
    };
    for (byte[] body : List.of(latin1, surrogate)) {
      assertThat(catchThrowableOfType(MalformedException.class, () -> JsonReadings.decode(body)))
          .isNotNull();
    }
  }
}
