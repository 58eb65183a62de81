// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.server.ServerConfig;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The log: what the environment says goes before what the file says")
final class LogSettingsTest {
  private static final ServerConfig.Log FILE = new ServerConfig.Log("warn", "text", 7);

  @Test
  @DisplayName("by name, one by one")
  void environment_first() {
    assertThat(LogSettings.effective(FILE, Map.of())).isEqualTo(FILE);
    assertThat(LogSettings.effective(FILE, Map.of("COUNTERSIGN_LOG_LEVEL", "debug")))
        .isEqualTo(new ServerConfig.Log("debug", "text", 7));
    assertThat(LogSettings.effective(FILE, Map.of("COUNTERSIGN_LOG_FORMAT", "json")))
        .isEqualTo(new ServerConfig.Log("warn", "json", 7));
  }

  @Test
  @DisplayName("a slip in the environment is named")
  void names_mistakes() {
    assertThatThrownBy(() -> LogSettings.effective(FILE, Map.of("COUNTERSIGN_LOG_LEVEL", "loud")))
        .hasMessageContaining("COUNTERSIGN_LOG_LEVEL")
        .hasMessageContaining("expected error, warn, info, debug or trace");
  }
}
