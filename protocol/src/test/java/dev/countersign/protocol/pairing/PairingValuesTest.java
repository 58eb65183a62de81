// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.SecretAccess;
import java.security.SecureRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Names, roles and secrets of pairing")
class PairingValuesTest {
  private final SecureRandom random = new SecureRandom();

  @Test
  @DisplayName("a hub's id is 8 bytes, written as 16 digits")
  void hub_id() throws Exception {
    HubId hub = HubId.random(random);
    assertThat(HubId.parse(hub.toString())).isEqualTo(hub).hasSameHashCodeAs(hub);
    assertThat(HubId.wrap(hub.bytes())).isEqualTo(hub).hasToString(hub.toString());
    hub.bytes()[0] ^= 1;
    assertThat(HubId.parse(hub.toString())).as("a copy was changed").isEqualTo(hub);
    assertThat(HubId.random(random)).isNotEqualTo(hub);
    assertThatThrownBy(() -> HubId.wrap(new byte[7])).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0123456789abcde",
        "0123456789ABCDEF",
        "0123456789abcdef0",
        "g123456789abcdef"
      })
  @DisplayName("any other text is no hub id")
  void no_hub_id(String text) {
    assertThatThrownBy(() -> HubId.parse(text)).isInstanceOf(MalformedException.class);
  }

  @Test
  @DisplayName("roles: code, name and rank")
  void roles() throws Exception {
    for (Role role : Role.values()) {
      assertThat(Role.ofCode(role.code())).isEqualTo(role);
      assertThat(Role.parse(role.wireName())).isEqualTo(role);
      for (Role other : Role.values()) {
        assertThat(role.includes(other)).isEqualTo(role.compareTo(other) <= 0);
        assertThat(role.isAbove(other)).isEqualTo(role.compareTo(other) < 0);
      }
    }
    assertThat(Role.OWNER.code()).isZero();
    assertThat(Role.GUEST.code()).isEqualTo(3);
    assertThatThrownBy(() -> Role.ofCode(4)).isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> Role.ofCode(-1)).isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> Role.parse("Owner")).isInstanceOf(MalformedException.class);
  }

  @Test
  @DisplayName("a pairing secret is equal by content, and shows none")
  void secret() {
    PairingSecret secret = PairingSecret.random(random);
    byte[] content = secret.bytes(SecretAccess.insecure());
    assertThat(PairingSecret.wrap(content)).isEqualTo(secret).hasSameHashCodeAs(secret);
    assertThat(PairingSecret.random(random)).isNotEqualTo(secret).hasSameHashCodeAs(secret);
    assertThat(secret).hasToString("PairingSecret[hidden]");
    content[0] ^= 1;
    assertThat(PairingSecret.wrap(content)).isNotEqualTo(secret);
    assertThatThrownBy(() -> PairingSecret.wrap(new byte[15]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"A", "Anna's phone", "Телефон", "電話", "a\u0301", "📱", "Haus & Hof <3"})
  @DisplayName("names of phones")
  void names(String name) throws Exception {
    assertThat(PhoneName.check(name)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        " A",
        "A ",
        "\u00a0A",
        "a\nb",
        "a\tb",
        "a\u0000b",
        "a\u007fb",
        "a\u202eb",
        "a\u200bb",
        "a\u2028b",
        "a\u2029b",
        "\ue000",
        "\ud800",
        "a\udc00b",
        "\ufeffA"
      })
  @DisplayName("what is invisible, or changes how the rest looks, is in no name")
  void no_names(String name) {
    assertThatThrownBy(() -> PhoneName.check(name))
        .isInstanceOf(MalformedException.class)
        .hasMessageStartingWith("name: ");
  }

  @Test
  @DisplayName("a name has at most 64 characters, however many bytes those are")
  void lengths_of_names() throws Exception {
    assertThat(PhoneName.check("x".repeat(64))).hasSize(64);
    assertThat(PhoneName.check("📱".repeat(64))).hasSize(128);
    assertThatThrownBy(() -> PhoneName.check("x".repeat(65)))
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> PhoneName.check("📱".repeat(65)))
        .isInstanceOf(MalformedException.class);
  }
}
