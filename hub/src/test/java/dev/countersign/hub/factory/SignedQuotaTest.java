// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A quota")
final class SignedQuotaTest {
  private static Quota quota(String name, int hubs, Instant until) {
    return new Quota(
        "0123456789abcdef",
        name,
        hubs,
        until,
        TestLine.DOMAIN,
        "Maker & Söhne",
        32473,
        Sha256.of(new byte[0]));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("is read as it was signed, by a root of any kind of key")
  void reads_what_was_signed(KeyKind kind) throws Exception {
    SigningKey root = SigningKey.generate(kind, TestLine.RANDOM);
    Quota quota = quota("Line 3", 500, TestLine.UNTIL);

    byte[] signed = SignedQuota.sign(quota, root, TestLine.RANDOM);

    assertThat(SignedQuota.verify(signed, root.publicKey())).isEqualTo(quota);
    assertThat(new String(signed, UTF_8))
        .startsWith("countersign hub station quota, version 1\n")
        .contains("hubs: 500\n", "until: 2027-02-19T23:59:59Z\n");
  }

  @Test
  @DisplayName("is refused with any byte changed or cut off, and under another root")
  void refuses_any_change() {
    SigningKey root = TestLine.key();
    byte[] signed = SignedQuota.sign(quota("Line 3", 500, TestLine.UNTIL), root, TestLine.RANDOM);
    int text = new String(signed, UTF_8).indexOf("-----BEGIN");
    for (int i = 0; i < text; i++) {
      byte[] changed = signed.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> SignedQuota.verify(changed, root.publicKey()))
          .isInstanceOf(MalformedException.class);
    }
    for (int length = 0; length < signed.length; length += 7) {
      byte[] cut = Arrays.copyOf(signed, length);
      assertThatThrownBy(() -> SignedQuota.verify(cut, root.publicKey()))
          .isInstanceOf(MalformedException.class);
    }
    assertThatThrownBy(() -> SignedQuota.verify(signed, TestLine.key().publicKey()))
        .isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "-x", "a\nhubs: 9999", "a_name_of_more_than_thirty_two_chars"})
  @DisplayName("has a name of one line that people can read")
  void refuses_other_names(String name) {
    assertThatThrownBy(() -> quota(name, 1, TestLine.UNTIL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name");
  }

  @Test
  @DisplayName("counts whole seconds, as its certificate does")
  void refuses_fractions_of_a_second() {
    assertThatThrownBy(() -> quota("a", 1, TestLine.UNTIL.plusMillis(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("until");
  }
}
