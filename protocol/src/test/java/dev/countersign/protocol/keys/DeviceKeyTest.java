// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.examples.SealedVectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

@DisplayName("The key schedule of a device (docs/protocol.md §2)")
class DeviceKeyTest {
  private static final SecretAccess ACCESS = SecretAccess.insecure();

  static Stream<JsonNode> cases() {
    return SealedVectors.cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("gives the keys and the id of the published examples")
  void follows_the_examples(JsonNode example) {
    var serial = new DeviceSerial(example.path("serial").asString());
    int generation = example.path("generation").asInt();
    byte[] expected = Hexadecimal.decode(example.path("deviceKey").asString());
    try (DeviceKey key = DeviceKey.wrap(expected)) {
      if (generation == 1) {
        byte[] secret = example.path("password").asString().getBytes(US_ASCII);
        assertThat(DeviceKey.ofSecret(secret)).isEqualTo(key);
      }
      for (KeyPurpose purpose : KeyPurpose.values()) {
        assertThat(Hexadecimal.encode(key.derive(purpose, serial, generation, ACCESS)))
            .as(purpose.label())
            .isEqualTo(example.path("derived").path(purpose.label()).asString());
      }
    }
    assertThat(KeyId.of(serial, generation).hex()).isEqualTo(example.path("kid").asString());
  }

  @Test
  @DisplayName("a closed key is overwritten and refuses to be used")
  void closes() {
    var serial = new DeviceSerial("S");
    DeviceKey key = DeviceKey.ofSecret(new byte[] {1});
    key.close();
    assertThatThrownBy(() -> key.bytes(ACCESS)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> key.derive(KeyPurpose.TLS13_PSK, serial, 1, ACCESS))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("shows nothing of itself")
  void hides() {
    try (DeviceKey key = DeviceKey.wrap(new byte[32])) {
      assertThat(key).hasToString("DeviceKey[hidden]");
      assertThat(key).isNotEqualTo(DeviceKey.ofSecret(new byte[1]));
    }
  }

  @Test
  @DisplayName("a generation is from 1 to 255")
  void bounds_generations() {
    var serial = new DeviceSerial("S");
    assertThatThrownBy(() -> KeyId.of(serial, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> KeyId.of(serial, 256)).isInstanceOf(IllegalArgumentException.class);
  }
}
