// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.Hexadecimal;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("HKDF with SHA-256")
class HkdfTest {
  private static byte[] rising(int from, int length) {
    var bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (from + i);
    }
    return bytes;
  }

  private static void check(
      byte[] inputKey, byte[] salt, byte[] info, String pseudorandomKey, String output) {
    byte[] extracted = Hkdf.extract(salt, inputKey);
    assertThat(Hexadecimal.encode(extracted)).isEqualTo(pseudorandomKey);
    int bytes = output.length() / 2;
    assertThat(Hexadecimal.encode(Hkdf.expand(extracted, info, bytes))).isEqualTo(output);
    assertThat(Hexadecimal.encode(Hkdf.derive(salt, inputKey, info, bytes))).isEqualTo(output);
  }

  @Test
  @DisplayName("RFC 5869 A.1: the basic case")
  void basic() {
    check(
        Hexadecimal.decode("0b".repeat(22)),
        rising(0, 13),
        rising(0xf0, 10),
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  }

  @Test
  @DisplayName("RFC 5869 A.2: a salt longer than a block, and an output of three")
  void long_inputs() {
    check(
        rising(0, 80),
        rising(0x60, 80),
        rising(0xb0, 80),
        "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
            + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
            + "cc30c58179ec3e87c14c01d5c1f3434f1d87");
  }

  @Test
  @DisplayName("RFC 5869 A.3: neither salt nor info")
  void empty_inputs() {
    check(
        Hexadecimal.decode("0b".repeat(22)),
        new byte[0],
        new byte[0],
        "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
  }

  @Test
  @DisplayName("RFC 5869 §2.3: no more than 255 blocks")
  void refuses_too_much() {
    assertThat(Hkdf.expand(new byte[32], new byte[0], 255 * 32)).hasSize(255 * 32);
    assertThatThrownBy(() -> Hkdf.expand(new byte[32], new byte[0], 255 * 32 + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
