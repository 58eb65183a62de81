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
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The example of RFC 8428 §6; and those of §5.1, as the cbor2 library writes them. */
@DisplayName("Readings in SenML CBOR (RFC 8428 §6)")
final class SenmlCborReadingsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T20:30:00Z");

  /** RFC 8428 §6, but for the colons in the base name. */
  private static final String EXAMPLE =
      """
      87 a7 21 78 1b 75 72 6e 2e 64 65 76 2e 6f 77 2e
      31 30 65 32 30 37 33 61 30 31 30 38 30 30 36 2e
      22 fb 41 d3 03 a1 5b 00 10 62 23 61 41 20 05 00
      67 76 6f 6c 74 61 67 65 01 61 56 02 fb 40 5e 06
      66 66 66 66 66 a3 00 67 63 75 72 72 65 6e 74 06
      24 02 fb 3f f3 33 33 33 33 33 33 a3 00 67 63 75
      72 72 65 6e 74 06 23 02 fb 3f f4 cc cc cc cc cc
      cd a3 00 67 63 75 72 72 65 6e 74 06 22 02 fb 3f
      f6 66 66 66 66 66 66 a3 00 67 63 75 72 72 65 6e
      74 06 21 02 f9 3e 00 a3 00 67 63 75 72 72 65 6e
      74 06 20 02 fb 3f f9 99 99 99 99 99 9a a3 00 67
      63 75 72 72 65 6e 74 06 00 02 fb 3f fb 33 33 33
      33 33 33
      """;

  private static List<Reading> decode(String hex) throws MalformedException {
    return SenmlCborReadings.decode(HexFormat.of().parseHex(hex.replaceAll("\\s", "")), NOW);
  }

  private static MalformedException refusal(String hex) {
    var refused = catchThrowableOfType(MalformedException.class, () -> decode(hex));
    assertThat(refused).as(hex).isNotNull();
    return refused;
  }

  private static List<Reading> asJson(String json) throws MalformedException {
    return SenmlReadings.decode(json.getBytes(UTF_8), NOW);
  }

  @Test
  @DisplayName("§6: the example means what its JSON (§5.1.2) means")
  void reads_the_example() throws Exception {
    assertThat(decode(EXAMPLE))
        .hasSize(7)
        .isEqualTo(
            asJson(
                """
                [{"bn":"urn.dev.ow.10e2073a0108006.","bt":1.276020076001e+09,"bu":"A","bver":5,
                  "n":"voltage","u":"V","v":120.1},
                 {"n":"current","t":-5,"v":1.2},
                 {"n":"current","t":-4,"v":1.3},
                 {"n":"current","t":-3,"v":1.4},
                 {"n":"current","t":-2,"v":1.5},
                 {"n":"current","t":-1,"v":1.6},
                 {"n":"current","v":1.7}]
                """));
    assertThat(refusal(EXAMPLE.replace("6e 2e", "6e 3a")).field())
        .as("with a colon in its name, as in the RFC")
        .startsWith("urn:dev.ow.");
  }

  @Test
  @DisplayName("§5.1.3: several measurements, a position, a later change of the base time")
  void reads_several_measurements() throws Exception {
    String several =
        """
        85a421776465762d6f772d3130653230373361303130383030363322fb41d3aba862000000236325524802
        14a201636c6f6e02fb40384e63c74fb54aa201636c617402fb404e0a31f8a0902ea206183c02fb40344ccc
        cccccccda222fb41d3abb317400000021862
        """;
    assertThat(decode(several))
        .isEqualTo(
            asJson(
                """
                [{"bn":"dev-ow-10e2073a01080063","bt":1.320067464e+09,"bu":"%RH","v":20},
                 {"u":"lon","v":24.30621},
                 {"u":"lat","v":60.07965},
                 {"t":60,"v":20.3},
                 {"bt":1.320078429e+09,"v":98}]
                """));
  }

  @Test
  @DisplayName("§5.1.5: texts and flags; data values are refused")
  void reads_other_types() throws Exception {
    String others =
        """
        83a42178186465762d6f772d313065323037336130313038303036332e006474656d70016343656c02fb40
        3719999999999aa200656c6162656c036c4d616368696e6520526f6f6da200646f70656e04f4
        """;
    assertThat(decode(others))
        .extracting(Reading::value)
        .containsExactly(new Numeric(23.1), new Text("Machine Room"), new Flag(false));
    assertThat(refusal("81a2006a6e66632d72656164657208446869200a").field()).isEqualTo("vd");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          00                   | 0
          17                   | 23
          1818                 | 24
          1b0020000000000000   | 9007199254740992
          20                   | -1
          3903e7               | -1000
          1b8000000000000000   | 9223372036854775808
          f90000               | 0
          f98000               | 0
          f93c00               | 1
          f97bff               | 65504
          f90001               | 5.960464477539063e-8
          f9c400               | -4
          fa47c35000           | 100000
          fb3ff199999999999a   | 1.1
          fb7fefffffffffffff   | 1.7976931348623157e308
          fb0000000000000001   | 4.9e-324
          c4822018e7           | 23.1
          c4823903e701         | 0
          c48219012c01         | 1e300
          c482002b             | -12
          """)
  @DisplayName("a number is an integer, a float of any length or a decimal fraction")
  void reads_numbers(String hex, double number) throws Exception {
    assertThat(decode("81a2006161 02" + hex))
        .containsExactly(new Reading("a", new Numeric(number), null));
  }

  @Test
  @DisplayName("every finite half float is read as Java reads it")
  void reads_half_floats() throws Exception {
    for (int bits = 0; bits <= 0xffff; bits++) {
      float expected = Float.float16ToFloat((short) bits);
      if (Float.isFinite(expected)) {
        assertThat(decode("81a200616102f9" + HexFormat.of().toHexDigits((short) bits)))
            .containsExactly(new Reading("a", new Numeric(expected), null));
      }
    }
  }

  @Test
  @DisplayName("§4.4: unknown labels are texts, and are passed over with all that they hold")
  void passes_over_unknown_labels() throws Exception {
    String plain = "81a2 00 6161 02 01";
    for (String unknown :
        List.of(
            "01",
            "20",
            "f6",
            "f7",
            "f820",
            "fb3ff199999999999a",
            "40",
            "4101",
            "6161",
            "c001",
            "80",
            "8201a0",
            "a16179 8101",
            "c4822018e7",
            "d9d9f701")) {
      String more = plain.replace("a2", "a3") + " 6178 " + unknown;
      assertThat(decode(more)).as(unknown).isEqualTo(decode(plain));
    }
    assertThat(refusal("81a3 00 6161 02 01 65 6d7573745f 01").field()).isEqualTo("must_");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          80                             | body    | at least one
          a2 00 6161 02 01               | body    | array
          81 01                          | body    | map
          81 a1 21 6161                  | body    | at least one
          81a2 00 6161 02 01 00          | body    | nothing after
          81a2 00 6161 02                | v       | end of the body
          81a2 00 6161                   | body    | end of the body
          81a1 00 6161                   | a       | v, vs or vb
          81a2 00 6161 02 6131           | v       | number
          81a2 00 6161 02 f5             | v       | number
          81a2 00 6161 02 f6             | v       | number
          81a2 00 6161 02 4101           | v       | number
          81a2 00 6161 03 01             | vs      | text
          81a2 00 6161 03 4161           | vs      | text
          81a2 00 6161 03 61ff           | vs      | UTF-8
          81a2 00 6161 03 63eda080       | vs      | UTF-8
          81a2 00 6161 04 01             | vb      | true or false
          81a2 00 6161 04 f6             | vb      | true or false
          81a3 00 6161 02 01 03 6178     | v       | one value
          81a3 00 6161 02 01 20 0b       | bver    | at most 10
          81a3 00 6161 02 01 20 f94900   | bver    | whole number
          81a3 00 6161 02 01 20 29       | bver    | whole number
          81a2 00 6161 05 01             | s       | not stored
          81a3 00 6161 02 01 25 01       | bs      | not stored
          81a3 00 6161 02 01 26 01       | label   | from -6 to 8
          81a3 00 6161 02 01 09 01       | label   | from -6 to 8
          81a3 00 6161 02 01 1902 00 01  | label   | from -6 to 8
          81a3 00 6161 02 01 3bffffffffffffffff 01 | label | from -6 to 8
          81a3 00 6161 02 01 f4 01       | label   | number
          81a3 00 6161 02 01 41 6b 01    | label   | number
          81a3 00 6161 02 01 c1 06 01    | label   | number
          81a2 00 6161 6176 01           | v       | the integer 2
          81a3 00 6161 02 01 02 02       | v       | twice
          81a3 00 6161 02 01 1802 02     | v       | twice
          81a4 00 6161 02 01 6178 01 6178 01 | x   | twice
          81a2 00 6161 02 f97c00         | v       | finite
          81a2 00 6161 02 f97e00         | v       | finite
          81a2 00 6161 02 faff800000     | v       | finite
          81a2 00 6161 02 fb7ff8000000000000 | v   | finite
          81a2 00 6161 02 c24102         | v       | number
          81a2 00 6161 02 c34102         | v       | number
          81a2 00 6161 02 c102           | v       | number
          81a2 00 6161 02 c5822003       | v       | number
          81a2 00 6161 02 c482 20 c24101 | v       | number
          81a2 00 6161 02 c483200101     | v       | exponent and mantissa
          81a2 00 6161 02 c420           | v       | array
          81a2 00 6161 02 c4821903e901   | v       | exponent within
          81a2 00 6161 02 c4821bffffffffffffffff01 | v | exponent within
          81a2 00 6161 02 c48219013501   | v       | 1.8e308
          81a2 00 6161 02 1b0020000000000001 | v   | a double holds
          81a2 00 6161 02 c482001b0020000000000001 | v | a double holds
          9f a2 00 6161 02 01 ff         | body    | definite length
          81 bf 00 6161 02 01 ff         | body    | definite length
          81a2 00 7f6161ff 02 01         | n       | definite length
          81a2 00 6161 02 1c             | v       | definite length
          81a3 00 6161 02 01 6178 9fff   | x       | definite length
          81a3 00 6161 02 01 6178 ff     | x       | definite length
          81a3 00 6161 02 01 6178 f81f   | x       | well-formed
          81a3 00 6161 02 01 6178 81818101 | x     | nesting
          81a3 00 6161 02 01 6178 c1c1c1c1c1c1c101 | x | nesting
          9bffffffffffffffff             | body    | end of the body
          9b7fffffffffffffff             | body    | end of the body
          9a7fffffff                     | body    | end of the body
          81ba7fffffff                   | body    | end of the body
          81a2 00 7b7fffffffffffffff61   | n       | end of the body
          81a3 00 6161 02 01 6178 5a7fffffff | x   | end of the body
          81a3 00 6161 02 01 6178 bb4000000000000000 | x | end of the body
          81a2 00 69 75726e3a6465763a6f 02 01 | urn:dev:o | a name
          81a1 02 01                     | name    | a name
          81a3 00 6161 02 01 06 1b000000e8d4a51000 | t | year 9999
          """)
  @DisplayName("what is wrong names its field as JSON has it")
  void names_field(String hex, String field, String message) {
    assertThat(refusal(hex)).hasMessageContaining(message);
    assertThat(refusal(hex).field()).isEqualTo(field);
  }

  @Test
  @DisplayName("a body of no bytes is refused")
  void refuses_nothing() {
    assertThat(refusal("").field()).isEqualTo("body");
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 1025})
  @DisplayName("as many readings as in JSON")
  void limits_readings(int count) {
    String pack =
        "99" + HexFormat.of().toHexDigits((short) count) + "a2 00 6161 02 01".repeat(count);
    if (count > JsonReadings.MAX_READINGS) {
      assertThat(refusal(pack)).hasMessageContaining("1024 readings");
    } else {
      assertThat(catchThrowableOfType(MalformedException.class, () -> decode(pack))).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 1025, 8192, 8193})
  @DisplayName("as much text as in JSON")
  void limits_text(int bytes) {
    String text = "79" + HexFormat.of().toHexDigits((short) bytes) + "61".repeat(bytes);
    if (bytes > 1024) {
      assertThat(refusal("81a2 00 6161 03" + text).field()).isEqualTo("vs");
    } else {
      assertThat(
              catchThrowableOfType(
                  MalformedException.class, () -> decode("81a2 00 6161 03" + text)))
          .isNull();
    }
    var unit =
        catchThrowableOfType(
            MalformedException.class, () -> decode("81a3 00 6161 02 01 01" + text));
    assertThat(unit == null).isEqualTo(bytes <= 8192);
  }

  @Test
  @DisplayName("cut off anywhere, the example is refused")
  void refuses_what_is_cut_off() {
    String hex = EXAMPLE.replaceAll("\\s", "");
    for (int end = 0; end < hex.length(); end += 2) {
      assertThat(refusal(hex.substring(0, end)).field()).isNotEmpty();
    }
  }
}
