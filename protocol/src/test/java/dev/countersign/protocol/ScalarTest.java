// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.countersign.protocol.Scalar.Flag;
import dev.countersign.protocol.Scalar.Numeric;
import dev.countersign.protocol.Scalar.Text;
import java.math.BigDecimal;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Plain values (RFC 7493)")
final class ScalarTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "-0.0, 0",
    "21.5, 21.5",
    "1e3, 1000",
    "1E-7, 1e-7",
    "9007199254740992, 9007199254740992",
    "-9007199254740992, -9007199254740992",
    "10000000000000000, 1e16",
    "1e300, 1e300"
  })
  @DisplayName("a JSON number becomes a number")
  void parses_numbers(String text, double expected) throws Exception {
    assertThat(Scalar.parse("x", text)).isEqualTo(new Numeric(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "+1", "01", ".5", "5.", "0x10", "NaN", "Infinity", "1e", "1 ", "TRUE", "١٢"})
  @DisplayName("what is neither number nor flag is a text")
  void parses_texts(String text) throws Exception {
    assertThat(Scalar.parse("x", text)).isEqualTo(new Text(text));
  }

  @Test
  @DisplayName("true and false are flags")
  void parses_flags() throws Exception {
    assertThat(Scalar.parse("x", "true")).isEqualTo(new Flag(true));
    assertThat(Scalar.parse("x", "false")).isEqualTo(new Flag(false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"9007199254740993", "-9007199254740993", "9007199254740993.0", "1e400"})
  @DisplayName("a whole number that a double would round, or cannot hold, is refused (§2.2)")
  void refuses_numbers_a_double_cannot_hold(String text) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Scalar.parse("x", text))
        .satisfies(e -> assertThat(e.field()).isEqualTo("x"));
  }

  @Test
  @DisplayName("a float of any size is rounded, as 0.1 is")
  void rounds_floats() throws Exception {
    assertThat(Scalar.number("x", new BigDecimal("1.2345678901234567890e25")))
        .isEqualTo(new Numeric(1.2345678901234568e25));
  }

  @Test
  @DisplayName("minus zero is zero, as in RFC 8785")
  void has_one_zero() throws Exception {
    assertThat(new Numeric(-0.0)).isEqualTo(new Numeric(0.0)).hasSameHashCodeAs(new Numeric(0.0));
    assertThat(Scalar.number("x", new BigDecimal("-1e-400"))).isEqualTo(new Numeric(0.0));
  }

  @Test
  @DisplayName("a text has at most 1 KiB in UTF-8")
  void limits_text() throws Exception {
    assertThat(Scalar.text("x", "é".repeat(512)).plain()).hasSize(512);
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Scalar.text("x", "é".repeat(513)));
    assertThatIllegalArgumentException().isThrownBy(() -> new Text("a".repeat(1025)));
  }

  @Test
  @DisplayName("half a surrogate pair is no text (RFC 7493 §2.1)")
  void refuses_half_surrogate_pairs() throws Exception {
    for (String half : new String[] {"\ud83d", "\udd10", "a\udd10\ud83d"}) {
      assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> Scalar.text("x", half));
      assertThatIllegalArgumentException().isThrownBy(() -> new Text(half));
    }
    assertThat(Scalar.text("x", "\ud83d\udd10").plain()).isEqualTo("\ud83d\udd10");
  }

  @Test
  @DisplayName("no infinity and no NaN")
  void refuses_non_finite() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Numeric(Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> new Numeric(Double.NEGATIVE_INFINITY));
  }
}
