// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Digests that name something")
final class Sha256Test {
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  @DisplayName("\"abc\" of FIPS 180-4")
  void computes_known_digest() {
    Sha256 digest = Sha256.of("abc".getBytes(US_ASCII));
    assertThat(digest).hasToString(ABC).isEqualTo(Sha256.parseHex(ABC));
    assertThat(Sha256.wrap(digest.bytes())).isEqualTo(digest).hasSameHashCodeAs(digest);
  }

  @Test
  @DisplayName("nobody can change one through the bytes it gave or took")
  void is_immutable() {
    byte[] bytes = Sha256.parseHex(ABC).bytes();
    Sha256 digest = Sha256.wrap(bytes);
    bytes[0] = 0;
    digest.bytes()[1] = 0;
    assertThat(digest.hex()).isEqualTo(ABC);
  }

  @Test
  @DisplayName("32 bytes, compared as unsigned ones")
  void checks_length_and_orders() {
    assertThatIllegalArgumentException().isThrownBy(() -> Sha256.wrap(new byte[31]));
    assertThatIllegalArgumentException().isThrownBy(() -> Sha256.parseHex("ab"));
    assertThat(Sha256.parseHex("ff".repeat(32))).isGreaterThan(Sha256.parseHex("00".repeat(32)));
  }
}
