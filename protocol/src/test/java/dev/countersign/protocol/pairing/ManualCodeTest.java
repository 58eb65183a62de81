// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.SecretAccess;
import java.security.SecureRandom;
import java.util.HashSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The code that is typed")
class ManualCodeTest {
  private static final SecretAccess ACCESS = SecretAccess.insecure();

  private final SecureRandom random = new SecureRandom();

  @ParameterizedTest
  @ValueSource(strings = {"2363", "123451", "1234567890120", "84736430954837284567892"})
  @DisplayName("Verhoeff: published examples hold")
  void published_examples(String digits) {
    assertThat(Verhoeff.holds(digits)).isTrue();
    String front = digits.substring(0, digits.length() - 1);
    assertThat(Verhoeff.digitFor(front)).isEqualTo(digits.charAt(digits.length() - 1));
  }

  @Test
  @DisplayName("every wrong digit is found")
  void wrong_digits() {
    for (int round = 0; round < 100; round++) {
      String code = ManualCode.random(random).digits(ACCESS);
      for (int at = 0; at < code.length(); at++) {
        for (char digit = '0'; digit <= '9'; digit++) {
          String other = code.substring(0, at) + digit + code.substring(at + 1);
          if (!other.equals(code)) {
            assertThatThrownBy(() -> ManualCode.parse(other))
                .isInstanceOf(MalformedException.class);
          }
        }
      }
    }
  }

  @Test
  @DisplayName("every two neighbours swapped are found")
  void swaps() {
    for (int round = 0; round < 1000; round++) {
      char[] code = ManualCode.random(random).digits(ACCESS).toCharArray();
      for (int at = 0; at + 1 < code.length; at++) {
        char[] swapped = code.clone();
        swapped[at] = code[at + 1];
        swapped[at + 1] = code[at];
        if (code[at] != code[at + 1]) {
          assertThatThrownBy(() -> ManualCode.parse(new String(swapped)))
              .isInstanceOf(MalformedException.class);
        }
      }
    }
  }

  @Test
  @DisplayName("has ten digits, and is new each time")
  void random() throws Exception {
    var seen = new HashSet<String>();
    for (int i = 0; i < 100; i++) {
      String digits = ManualCode.random(random).digits(ACCESS);
      assertThat(digits).matches("[0-9]{10}");
      assertThat(ManualCode.parse(digits).digits(ACCESS)).isEqualTo(digits);
      seen.add(digits);
    }
    assertThat(seen).hasSizeGreaterThan(95);
  }

  @Test
  @DisplayName("blanks and hyphens of a person are passed over")
  void forgives() throws Exception {
    String digits = ManualCode.random(random).digits(ACCESS);
    String typed =
        " " + digits.substring(0, 3) + "-" + digits.substring(3, 6) + " " + digits.substring(6);
    assertThat(ManualCode.parse(typed).digits(ACCESS)).isEqualTo(digits);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "123", "12345678901", "123456789x", "٠١٢٣٤٥٦٧٨٩", "-1234567891"})
  @DisplayName("anything else is none")
  void refuses(String typed) {
    assertThatThrownBy(() -> ManualCode.parse(typed))
        .isInstanceOf(MalformedException.class)
        .hasMessageStartingWith("code: ");
  }

  @Test
  @DisplayName("does not show itself")
  void hides() {
    assertThat(ManualCode.random(random)).hasToString("ManualCode[hidden]");
  }
}
