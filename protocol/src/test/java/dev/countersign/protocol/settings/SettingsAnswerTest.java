// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar.Numeric;
import dev.countersign.protocol.Scalar.Text;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Settings on the wire")
final class SettingsAnswerTest {
  private static final Instant NOW = Instant.parse("2026-11-21T20:30:00Z");

  private static SettingsAnswer answer() throws MalformedException {
    Settings settings =
        Settings.of(
            Map.of(
                "interval",
                new Numeric(60),
                "factor",
                new Numeric(1e300),
                "small",
                new Numeric(-2.5e-9),
                "label",
                new Text("Tür \"1\"")));
    return new SettingsAnswer(12, settings, 3, 2, NOW);
  }

  private static String json() throws MalformedException {
    return new String(answer().toJson(), UTF_8);
  }

  private static void assertRefused(String json) {
    assertThatExceptionOfType(MalformedException.class)
        .as(json)
        .isThrownBy(() -> SettingsAnswer.parse(json.getBytes(UTF_8)));
  }

  @Test
  @DisplayName("an answer is read back as it was")
  void round_trips() throws Exception {
    assertThat(SettingsAnswer.parse(answer().toJson())).isEqualTo(answer());
    assertThat(json()).startsWith("{\"version\":12,").contains("\"interval\":60,");
    assertThat(answer().etag()).isEqualTo("\"12\"");
    assertThat(answer().sha256()).isEqualTo(answer().settings().sha256());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "interval":60           | "interval":61
          "interval":60           | "interval":60,"extra":1
          "interval":60           | "interval":61,"interval":60
          "interval":60           | "interval":1e99999999999
          "version":12            | "version":-1
          "version":12            | "version":1.5
          "version":12            | "version":"12"
          "version":12            | "version":9223372036854775808
          "version":12            | "version":11,"version":12
          "version":12,           | ``
          "serverTime":"2026      | "serverTime":"x2026
          "minReleaseSequence":3  | "minReleaseSequence":null
          "trustBundleVersion":2  | "trustBundleVersion":true
          """)
  @DisplayName("an answer that was changed in any field is not one")
  void refuses_changed_answer(String from, String to) throws Exception {
    assertThat(json()).contains(from);
    assertRefused(json().replace(from, to));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "{}", "1", "{\"settings\":\"x\"}", "{} {}"})
  @DisplayName("other JSON is malformed")
  void refuses_other_json(String json) {
    assertRefused(json);
  }

  @Test
  @DisplayName("no negative versions")
  void refuses_negative_versions() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SettingsAnswer(-1, Settings.EMPTY, 0, 0, NOW));
  }

  @Test
  @DisplayName("a receipt is read back as it was")
  void receipt_round_trips() throws Exception {
    var receipt = new SettingsReceipt(12, answer().sha256());
    assertThat(SettingsReceipt.parse(receipt.toJson())).isEqualTo(receipt);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                                   | version
          null                                 | version
          []                                   | version
          {"version":-1,"sha256":"%s"}         | version
          {"version":1.0,"sha256":"%s"}        | version
          {"version":99999999999999999999}     | version
          {"version":1}                        | sha256
          {"version":1,"sha256":"AB"}          | sha256
          {"version":1,"sha256":7}             | sha256
          {"version":1,"version":2,"sha256":"%s"} | body
          {"version":1,"sha256":"%s"} {}       | body
          {"version":1                         | body
          """)
  @DisplayName("a receipt with a wrong field names it")
  void receipt_names_field(String json, String field) {
    byte[] body = json.replace("%s", "ab".repeat(32)).getBytes(UTF_8);
    assertThatExceptionOfType(MalformedException.class)
        .as(json)
        .isThrownBy(() -> SettingsReceipt.parse(body))
        .satisfies(e -> assertThat(e.field()).isEqualTo(field));
  }
}
