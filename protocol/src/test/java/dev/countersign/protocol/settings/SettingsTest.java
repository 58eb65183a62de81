// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.Scalar.Flag;
import dev.countersign.protocol.Scalar.Numeric;
import dev.countersign.protocol.Scalar.Text;
import dev.countersign.protocol.Sha256;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Settings")
final class SettingsTest {
  private static Settings parse(String json) throws MalformedException {
    return Settings.parse(json.getBytes(UTF_8));
  }

  @Test
  @DisplayName("numbers, texts and booleans, in the order of their names")
  void reads_object() throws Exception {
    Settings settings = parse("{\"interval\":60,\"door\":\"closed\",\"alarm\":true}");
    assertThat(settings.values().values())
        .containsExactly(new Flag(true), new Text("closed"), new Numeric(60));
    assertThat(settings).hasToString("{\"alarm\":true,\"door\":\"closed\",\"interval\":60}");
  }

  @Test
  @DisplayName("a change merges, an empty one removes")
  void merges_changes() throws Exception {
    Settings before = parse("{\"a\":1,\"b\":2}");
    Settings after = before.with(Map.of("a", Optional.empty(), "c", Optional.of(new Numeric(3))));
    assertThat(after).isEqualTo(parse("{\"c\":3,\"b\":2}"));
    assertThat(before).isEqualTo(parse("{\"a\":1,\"b\":2}"));
  }

  @Test
  @DisplayName("no settings have a digest too")
  void digests_empty_settings() {
    assertThat(Settings.EMPTY).hasToString("{}");
    assertThat(Settings.EMPTY.sha256()).isEqualTo(Sha256.of("{}".getBytes(UTF_8)));
  }

  @Test
  @DisplayName("settings do not change with the map they came from")
  void is_immutable() throws Exception {
    var values = new HashMap<String, Scalar>(Map.of("a", new Numeric(1)));
    Settings settings = Settings.of(values);
    values.clear();
    assertThat(settings.values()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "0000000000000000, 0",
    "8000000000000000, 0",
    "0000000000000001, 5e-324",
    "8000000000000001, -5e-324",
    "7fefffffffffffff, 1.7976931348623157e+308",
    "ffefffffffffffff, -1.7976931348623157e+308",
    "4340000000000000, 9007199254740992",
    "c340000000000000, -9007199254740992",
    "4430000000000000, 295147905179352830000",
    "44b52d02c7e14af5, 9.999999999999997e+22",
    "44b52d02c7e14af6, 1e+23",
    "44b52d02c7e14af7, 1.0000000000000001e+23",
    "444b1ae4d6e2ef4e, 999999999999999700000",
    "444b1ae4d6e2ef4f, 999999999999999900000",
    "444b1ae4d6e2ef50, 1e+21",
    "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d, 0.000001",
    "41b3de4355555553, 333333333.3333332",
    "41b3de4355555554, 333333333.33333325",
    "41b3de4355555555, 333333333.3333333",
    "41b3de4355555556, 333333333.3333334",
    "41b3de4355555557, 333333333.33333343",
    "becbf647612f3696, -0.0000033333333333333333",
    "43143ff3c1cb0959, 1424953923781206.2"
  })
  @DisplayName("RFC 8785 Appendix B: numbers have one text, and the text is that number again")
  void writes_numbers_canonically(String bits, String expected) throws Exception {
    double number = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
    Settings settings = Settings.of(Map.of("n", new Numeric(number)));
    assertThat(settings).hasToString("{\"n\":" + expected + "}");
    assertThat(Settings.parse(settings.canonicalJson())).isEqualTo(settings);
  }

  @Test
  @DisplayName("RFC 8785 §3.2.2.2 and §3.2.3: strings, and the order of names")
  void writes_strings_canonically() throws Exception {
    Settings settings =
        parse(
            "{\"b\":\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\"B\":1,\"a.\":2,\"a\":3}");
    assertThat(settings)
        .hasToString("{\"B\":1,\"a\":3,\"a.\":2,\"b\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "null",
        "[]",
        "{",
        "{\"a\":1",
        "{\"a\":null}",
        "{\"a\":{}}",
        "{\"a\":[]}",
        "{\"a\":1,\"a\":1}",
        "{\"1a\":1}",
        "{\"\":1}",
        "{\"a\":1}{}",
        "{\"a\":9007199254740993}",
        "{\"a\":1e99999999999}",
        "{\"a\":\"\\ud800\"}"
      })
  @DisplayName("anything else is malformed")
  void refuses_other_json(String json) {
    assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> parse(json));
  }

  @Test
  @DisplayName("at most 256 entries")
  void limits_entries() throws Exception {
    var values = new HashMap<String, Scalar>();
    for (int i = 0; i < Settings.MAX_ENTRIES; i++) {
      values.put("n" + i, new Flag(true));
    }
    Settings full = Settings.of(values);
    assertThat(Settings.parse(full.canonicalJson())).isEqualTo(full);
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> full.with(Map.of("one.more", Optional.of(new Flag(true)))));
  }
}
