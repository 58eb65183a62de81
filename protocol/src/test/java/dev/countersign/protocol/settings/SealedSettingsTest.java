// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.cbor.CBORMapper;

@DisplayName("Settings inside a seal")
class SealedSettingsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T20:30:00Z");

  private static SettingsAnswer answer(String json) throws MalformedException {
    return new SettingsAnswer(12, Settings.parse(json.getBytes(UTF_8)), 3, 2, NOW);
  }

  private static byte[] hex(String digits) {
    return Hexadecimal.decode(digits.replace(" ", ""));
  }

  @Test
  @DisplayName("an answer is five keys, and its names are in the order of RFC 8949 §4.2.1")
  void writes_deterministically() throws Exception {
    byte[] body = SealedSettings.encode(answer("{\"pump\":true,\"b\":1.5,\"aa\":\"x\",\"a\":7}"));

    assertThat(body)
        .isEqualTo(
            hex(
                "a5 01 0c 02 a4 6161 07 6162 f93e00 626161 6178 6470756d70 f5 03 03 04 02 05"
                    + " 1a6b01ff48"));
    assertThat(SealedSettings.decode(body).serverTime()).isEqualTo(NOW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"interval\":60}",
        "{\"a\":1e300,\"b\":-0.1,\"c\":1152921504606846976,\"d\":\"ü\",\"e\":false}",
      })
  @DisplayName("what is written is read, with the same digest")
  void reads_what_was_written(String json) throws Exception {
    SettingsAnswer answer = answer(json);
    SettingsAnswer read = SealedSettings.decode(SealedSettings.encode(answer));
    assertThat(read).isEqualTo(answer);
    assertThat(read.sha256()).isEqualTo(answer.sha256());
  }

  @Test
  @DisplayName("another library reads the same")
  void read_by_another_library() throws Exception {
    JsonNode tree = new CBORMapper().readTree(SealedSettings.encode(answer("{\"interval\":60}")));
    assertThat(tree.path("1").asInt()).isEqualTo(12);
    assertThat(tree.path("2").path("interval").asInt()).isEqualTo(60);
    assertThat(tree.path("3").asInt()).isEqualTo(3);
    assertThat(tree.path("4").asInt()).isEqualTo(2);
    assertThat(tree.path("5").asLong()).isEqualTo(NOW.getEpochSecond());
  }

  @ParameterizedTest
  @CsvSource({
    "a4 01 0c 02 a0 03 03 04 02", // a key short
    "a5 01 0c 02 a0 04 02 03 03 05 00", // another order
    "a5 01 20 02 a0 03 03 04 02 05 00", // a negative version
    "a5 01 0c 02 80 03 03 04 02 05 00", // no map
    "a5 01 0c 02 a2 6161 01 6161 02 03 03 04 02 05 00", // a name twice
    "a5 01 0c 02 a1 6131 01 03 03 04 02 05 00", // no name
    "a5 01 0c 02 a1 6161 f6 03 03 04 02 05 00", // no value
    "a5 01 0c 02 a0 03 03 04 02 05 1b0000003afff44180", // the year 10000
    "a5 01 0c 02 a0 03 03 04 02 05 00 00", // something after it
  })
  @DisplayName("anything else is refused")
  void refuses(String digits) {
    assertThatThrownBy(() -> SealedSettings.decode(hex(digits)))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  @DisplayName("a notice is the last three of them")
  void notice() throws Exception {
    var notice = new ReleaseNotice(3, 2, NOW);
    byte[] body = SealedSettings.encode(notice);
    assertThat(body).isEqualTo(hex("a3 03 03 04 02 05 1a6b01ff48"));
    assertThat(SealedSettings.decodeNotice(body)).isEqualTo(notice);
    assertThatThrownBy(() -> SealedSettings.decodeNotice(hex("a2 03 03 04 02")))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  @DisplayName("a receipt is the version and the digest of the settings' JSON (RFC 8785)")
  void receipt() throws Exception {
    Sha256 digest = Settings.of(Map.of()).sha256();
    var receipt = new SettingsReceipt(12, digest);
    byte[] body = SealedSettings.encode(receipt);
    assertThat(body).isEqualTo(hex("a2 01 0c 02 5820" + digest.hex()));
    assertThat(SealedSettings.decodeReceipt(body)).isEqualTo(receipt);
    for (String wrong : new String[] {"a2 01 0c 02 41 00", "a1 01 0c", "a2 01 0c 03 41 00"}) {
      assertThatThrownBy(() -> SealedSettings.decodeReceipt(hex(wrong)))
          .isInstanceOf(MalformedException.class);
    }
  }
}
