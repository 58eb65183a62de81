// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  @DisplayName("a reading cannot move the cursor, colour the screen or turn the writing around")
  void disarms_control_characters() {
    assertThat(Printable.text("a\u001b[2Jb\r\nc\u202ed\u009b"))
        .isEqualTo("a\uFFFD[2Jb\uFFFD\uFFFDc\uFFFDd\uFFFD");
  }

  @Test
  @DisplayName("letters of every script stay")
  void keeps_letters() {
    assertThat(Printable.text("Gerät 温度 ✔")).isEqualTo("Gerät 温度 ✔");
  }

  @Test
  @DisplayName("RFC 5280 §4.1.2.5: the end 99991231235959Z means never")
  void shows_no_end_as_never() {
    assertThat(Printable.time(Instant.parse("9999-12-31T23:59:59Z"))).isEqualTo("never");
    assertThat(Printable.time(Instant.parse("2026-11-21T20:30:00.5Z")))
        .isEqualTo("2026-11-21 20:30:00Z");
  }
}
