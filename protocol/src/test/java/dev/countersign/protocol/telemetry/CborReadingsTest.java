// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar.Flag;
import dev.countersign.protocol.Scalar.Numeric;
import dev.countersign.protocol.Scalar.Text;
import dev.countersign.protocol.cbor.CborWriter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bytes are those that the cbor2 library writes. */
@DisplayName("Readings in plain CBOR, inside a seal")
final class CborReadingsTest {
  private static final Instant AT = Instant.parse("2026-11-21T20:30:00Z");

  private static List<Reading> decode(String hex) throws MalformedException {
    return CborReadings.decode(Hexadecimal.decode(hex.replaceAll("\\s", "")));
  }

  private static Reading number(String name, double value, @Nullable Instant at) {
    return new Reading(name, new Numeric(value), at);
  }

  @Test
  @DisplayName("a map of a number, a text and a flag")
  void reads_a_map() throws Exception {
    assertThat(decode("a3 6b74656d7065726174757265 f94ce0 64646f6f72 66636c6f736564 626f6b f5"))
        .containsExactly(
            number("temperature", 19.5, null),
            new Reading("door", new Text("closed"), null),
            new Reading("ok", new Flag(true), null));
  }

  @Test
  @DisplayName("an array of maps, each with its own time or none")
  void reads_an_array() throws Exception {
    assertThat(decode("82 a2 6161 01 626174 1a6b01ff48 a1 6161 20"))
        .containsExactly(number("a", 1, AT), number("a", -1, null));
  }

  @ParameterizedTest
  @CsvSource({
    "1a6b01ff48, 2026-11-21T20:30:00Z", // whole seconds
    "fb41dac07fd23fef9e, 2026-11-21T20:30:00.999Z", // milliseconds
    "c4822019 0177, 1970-01-01T00:00:37.500Z", // a decimal fraction
    "00, 1970-01-01T00:00:00Z",
    "74323032362d31312d32315432303a33303a30305a, 2026-11-21T20:30:00Z", // a text
  })
  @DisplayName("a time as text or as seconds, before or after the values it belongs to")
  void reads_times(String at, Instant expected) throws Exception {
    assertThat(decode("a2 6161 01 626174" + at)).containsExactly(number("a", 1, expected));
    assertThat(decode("a2 626174" + at + "6161 01")).containsExactly(number("a", 1, expected));
  }

  @ParameterizedTest
  @CsvSource({
    "'', body", // nothing
    "a0, body", // no reading
    "80, body",
    "a1 626174 00, body", // a time of nothing
    "01, body", // no map
    "81 01, body",
    "a1 01 01, name", // a name must be a text
    "a1 6131 01, 1",
    "a1 60 01, name",
    "a2 6161 01 6161 02, a", // twice
    "a3 6161 01 626174 00 626174 00, at",
    "a1 6161 f6, a", // null
    "a1 6161 80, a", // nested
    "a1 6161 4101, a", // bytes
    "a1 6161 f97e00, a", // NaN
    "a1 6161 f97c00, a", // infinity
    "a1 6161 1b0020000000000001, a", // no double
    "a1 6161 61ff, a", // no UTF-8
    "a1 6161 c2 41 01, a", // a bignum
    "bf 6161 01 ff, body", // indefinite
    "a1 6161 01 00, body", // something after it
    "a2 6161 01, body", // cut off
    "a2 6161 01 626174 20, at", // before 1970
    "a2 6161 01 626174 1b0000003afff44180, at", // the year 10000
    "a2 6161 01 626174 f5, at",
    "a2 6161 01 626174 6161, at",
    "a2 6161 01 626174 c11a6b01ff48, at", // RFC 8949 tag 1: one form is enough
  })
  @DisplayName("what is no map of readings is refused, and the refusal names the field")
  void refuses(String hex, String field) {
    var refused = catchThrowableOfType(MalformedException.class, () -> decode(hex));
    assertThat(refused).as(hex).isNotNull();
    assertThat(refused.field()).isEqualTo(field);
  }

  @Test
  @DisplayName("at most 1024 readings, and texts of at most 1 KiB")
  void limits() throws Exception {
    byte[] most = array(JsonReadings.MAX_READINGS);
    assertThat(CborReadings.decode(most)).hasSize(JsonReadings.MAX_READINGS);
    byte[] more = array(JsonReadings.MAX_READINGS + 1);
    assertThat(catchThrowableOfType(MalformedException.class, () -> CborReadings.decode(more)))
        .isNotNull();
    byte[] longText = new CborWriter().map(1).text("a").text("x".repeat(1025)).toByteArray();
    assertThat(catchThrowableOfType(MalformedException.class, () -> CborReadings.decode(longText)))
        .isNotNull();
  }

  private static byte[] array(int readings) {
    var out = new CborWriter().array(readings);
    for (int i = 0; i < readings; i++) {
      out.map(1).text("a").integer(i);
    }
    return out.toByteArray();
  }

  @Test
  @DisplayName("written in one map as long as names and times allow, a time in its shortest form")
  void writes() {
    assertThat(CborReadings.encode(List.of(number("temperature", 19.5, null))))
        .isEqualTo(Hexadecimal.decode("a16b74656d7065726174757265f94ce0"));
    assertThat(CborReadings.encode(List.of(number("a", 1, AT), number("b", 2, AT))))
        .isEqualTo(Hexadecimal.decode("a3616101616202626174" + "1a6b01ff48"));
    assertThat(CborReadings.encode(List.of(number("a", 1, null), number("a", 2, null))))
        .isEqualTo(Hexadecimal.decode("82a1616101a1616102"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CborReadings.encode(List.of(number("at", 1, null))));
  }

  @Test
  @DisplayName("a time keeps its nanoseconds, as text")
  void keeps_nanoseconds() throws Exception {
    List<Reading> readings =
        List.of(
            number("a", 1, AT.plusNanos(1)),
            number("b", 1, AT.plusMillis(1)),
            number("c", 1, JsonReadings.LATEST));
    assertThat(CborReadings.decode(CborReadings.encode(readings))).isEqualTo(readings);
  }
}
