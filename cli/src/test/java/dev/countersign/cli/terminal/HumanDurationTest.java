// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HumanDurationTest {
  @ParameterizedTest
  @CsvSource({"45s, PT45S", "15m, PT15M", "1h, PT1H", "30d, P30D", "2w, P14D", "PT2H, PT2H"})
  @DisplayName("short and ISO 8601 forms are read")
  void reads(String typed, String iso) {
    Duration duration = HumanDuration.parse(typed);
    assertThat(duration).isEqualTo(Duration.parse(iso));
    assertThat(HumanDuration.iso(duration)).isEqualTo(iso);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "d", "1y", "-1h", "0d", "-PT1H", "1h30", "9999999d"})
  @DisplayName("everything else is refused")
  void refuses(String typed) {
    assertThatIllegalArgumentException().isThrownBy(() -> HumanDuration.parse(typed));
  }

  @Test
  @DisplayName("days and hours that are not whole days stay hours")
  void keeps_hours() {
    assertThat(HumanDuration.iso(Duration.ofHours(36))).isEqualTo("PT36H");
  }
}
