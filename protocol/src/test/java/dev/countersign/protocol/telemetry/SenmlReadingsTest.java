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

/** The examples of RFC 8428 §5.1, with names that fit ours: a letter first, no colon. */
@DisplayName("Readings in SenML (RFC 8428)")
final class SenmlReadingsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T20:30:00Z");

  private static List<Reading> decode(String json) throws MalformedException {
    return SenmlReadings.decode(json.getBytes(UTF_8), NOW);
  }

  private static MalformedException refusal(String json) {
    var refused = catchThrowableOfType(MalformedException.class, () -> decode(json));
    assertThat(refused).as(json).isNotNull();
    return refused;
  }

  private static Reading number(String name, double value, String at) {
    return new Reading(name, new Numeric(value), Instant.parse(at));
  }

  @Test
  @DisplayName("§5.1.1: a single data point")
  void reads_single_point() throws Exception {
    assertThat(decode("[{\"n\":\"dev-ow-10e2073a01080063\",\"u\":\"Cel\",\"v\":23.1}]"))
        .containsExactly(new Reading("dev-ow-10e2073a01080063", new Numeric(23.1), null));
  }

  @Test
  @DisplayName("§5.1.2: base name, base time and base unit, times before the base")
  void resolves_base_values() throws Exception {
    List<Reading> readings =
        decode(
            """
            [{"bn":"dev-ow-10e2073a0108006.","bt":1.276020076001e+09,"bu":"A","bver":5,
              "n":"voltage","u":"V","v":120.1},
             {"n":"current","t":-5,"v":1.2},
             {"n":"current","t":-4,"v":1.3},
             {"n":"current","v":1.7}]
            """);
    String name = "dev-ow-10e2073a0108006.";
    assertThat(readings)
        .containsExactly(
            number(name + "voltage", 120.1, "2010-06-08T18:01:16.001Z"),
            number(name + "current", 1.2, "2010-06-08T18:01:11.001Z"),
            number(name + "current", 1.3, "2010-06-08T18:01:12.001Z"),
            number(name + "current", 1.7, "2010-06-08T18:01:16.001Z"));
  }

  @Test
  @DisplayName("§5.1.3: a name in the base alone, a position, and a later change of the base time")
  void reads_several_measurements() throws Exception {
    List<Reading> readings =
        decode(
            """
            [{"bn":"dev-ow-10e2073a01080063","bt":1.320067464e+09,"bu":"%RH","v":20},
             {"u":"lon","v":24.30621},
             {"u":"lat","v":60.07965},
             {"t":60,"v":20.3},
             {"bt":1.320078429e+09,"v":98}]
            """);
    String name = "dev-ow-10e2073a01080063";
    assertThat(readings)
        .containsExactly(
            number(name, 20, "2011-10-31T13:24:24Z"),
            number(name, 24.30621, "2011-10-31T13:24:24Z"),
            number(name, 60.07965, "2011-10-31T13:24:24Z"),
            number(name, 20.3, "2011-10-31T13:25:24Z"),
            number(name, 98, "2011-10-31T16:27:09Z"));
  }

  @Test
  @DisplayName("§5.1.5: texts and flags; data values are refused")
  void reads_other_types() throws Exception {
    assertThat(
            decode(
                """
                [{"bn":"dev-ow-10e2073a01080063.","n":"temp","u":"Cel","v":23.1},
                 {"n":"label","vs":"Machine Room"},
                 {"n":"open","vb":false}]
                """))
        .extracting(Reading::value)
        .containsExactly(new Numeric(23.1), new Text("Machine Room"), new Flag(false));
    assertThat(refusal("[{\"n\":\"nfc-reader\",\"vd\":\"aGkgCg\"}]").field()).isEqualTo("vd");
  }

  @Test
  @DisplayName("§4.5.3: small times are relative to now, zero is now")
  void reads_relative_times() throws Exception {
    assertThat(decode("[{\"n\":\"a\",\"t\":-20,\"v\":1},{\"n\":\"a\",\"t\":0,\"v\":1}]"))
        .extracting(Reading::measuredAt)
        .containsExactly(NOW.minusSeconds(20), null);
    assertThat(decode("[{\"n\":\"a\",\"t\":268435455,\"v\":1}]").get(0).measuredAt())
        .isEqualTo(NOW.plusSeconds(268_435_455));
    assertThat(decode("[{\"n\":\"a\",\"t\":268435456,\"v\":1}]").get(0).measuredAt())
        .isEqualTo(Instant.ofEpochSecond(268_435_456));
  }

  @Test
  @DisplayName("a base value is added as people add: 0.1 and 0.2 are 0.3")
  void adds_base_value() throws Exception {
    assertThat(decode("[{\"bv\":0.1,\"n\":\"a\",\"v\":0.2},{\"n\":\"b\",\"vs\":\"x\"}]"))
        .extracting(Reading::value)
        .containsExactly(new Numeric(0.3), new Text("x"));
  }

  @Test
  @DisplayName("§4.1: a record of base fields alone sets them; unknown labels are passed over")
  void reads_base_record() throws Exception {
    assertThat(decode("[{\"bn\":\"a.\",\"x\":{\"y\":[1]}},{\"n\":\"b\",\"v\":1}]"))
        .containsExactly(new Reading("a.b", new Numeric(1), null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"n":"a","v":1}                         | body
          []                                      | body
          [{"bn":"a"}]                            | body
          [1]                                     | body
          [{"n":"a","v":1}] []                    | body
          [{"n":"a","v":1,"v":2}]                 | body
          [{"n":"a","v":1,"vs":"x"}]              | v
          [{"n":"a"}]                             | a
          [{"n":"a","bv":1}]                      | a
          [{"n":"a","v":"1"}]                     | v
          [{"n":"a","vs":1}]                      | vs
          [{"n":"a","vb":1}]                      | vb
          [{"n":"a","v":1,"bver":11}]             | bver
          [{"n":"a","v":1,"must_":1}]             | must_
          [{"n":"a","s":1}]                       | s
          [{"n":"urn:dev:ow:1","v":1}]            | urn:dev:ow:1
          [{"v":1}]                               | name
          [{"n":"a","v":1,"t":1e12}]              | t
          [{"n":"a","v":1,"t":-1e10}]             | at
          [{"n":"a","v":1e99999999999}]           | v
          [{"bv":1.7e308,"n":"a","v":1.7e308}]    | a
          """)
  @DisplayName("what is wrong names its field")
  void names_field(String json, String field) {
    assertThat(refusal(json).field()).isEqualTo(field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"bv\":1,\"n\":\"a\",\"v\":1e-999999999}]",
        "[{\"bv\":1e-999999999,\"n\":\"a\",\"v\":1}]",
        "[{\"bt\":1e9,\"n\":\"a\",\"t\":1e-999999999,\"v\":1}]"
      })
  @DisplayName("tiny numbers do not become sums of a thousand million digits")
  void adds_tiny_numbers_at_once(String json) throws Exception {
    assertThat(decode(json)).extracting(Reading::value).containsExactly(new Numeric(1));
  }
}
