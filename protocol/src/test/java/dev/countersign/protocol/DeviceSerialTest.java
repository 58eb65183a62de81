// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Serials of devices")
final class DeviceSerialTest {
  private static final String LONGEST = "A".repeat(64);

  @ParameterizedTest
  @ValueSource(strings = {"A", "7", "SN-1", "sn.1-2", "0..--"})
  @DisplayName("letters, digits, dots and hyphens behind a letter or digit")
  void reads_serials(String text) throws Exception {
    assertThat(DeviceSerial.parse(text).value()).isEqualTo(text);
    assertThat(DeviceSerial.parse(LONGEST)).hasToString(LONGEST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-A", ".A", "A:B", "A B", "A\n", "A/B", "Ä", "A\"", "A_B", "%41"})
  @DisplayName("nothing that could end a field where a serial stands")
  void refuses_other_texts(String text) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> DeviceSerial.parse(text))
        .satisfies(e -> assertThat(e.field()).isEqualTo("serial"));
    assertThatIllegalArgumentException().isThrownBy(() -> new DeviceSerial(text));
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> DeviceSerial.parse(LONGEST + "A"));
  }

  @Test
  @DisplayName("compared byte by byte")
  void distinguishes_case() {
    assertThat(new DeviceSerial("SN-1")).isNotEqualTo(new DeviceSerial("sn-1"));
    assertThat(new DeviceSerial("A")).isLessThan(new DeviceSerial("B"));
  }
}
