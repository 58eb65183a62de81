// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("countersign.yaml: what is not said has a default, what is misspelt is an error")
final class ConfigFileTest {
  @Test
  @DisplayName("an empty file is all defaults")
  void empty_is_default() {
    assertThat(ConfigFile.parse("")).isEqualTo(ServerConfig.DEFAULT);
    assertThat(ConfigFile.parse("# nothing\n")).isEqualTo(ServerConfig.DEFAULT);
  }

  @Test
  @DisplayName("one key changes one thing")
  void one_key() {
    ServerConfig config = ConfigFile.parse("limits:\n  maxRequestBytes: 2048\n");

    assertThat(config.limits().maxRequestBytes()).isEqualTo(2048);
    assertThat(config.limits().maxHeaderBytes())
        .isEqualTo(ServerConfig.DEFAULT.limits().maxHeaderBytes());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "'limits: {maxRequestByte: 2048}' | limits.maxRequestByte: unknown; did you mean"
            + " limits.maxRequestBytes?",
        "'organisation: X' | organisation: unknown; did you mean organization?",
        "'xyzzy: 1' | xyzzy: unknown; docs/operations.md lists all keys",
        "'limits: {maxRequestBytes: many}' | limits.maxRequestBytes: expected a whole number",
        "'limits: {maxRequestBytes: 1}' | limits.maxRequestBytes: expected at least 1024",
        "'listeners: {devicePort: 70000}' | listeners.devicePort: expected a port",
        "'tls: {provider: gnutls}' | tls.provider: expected auto, boringssl or jdk",
        "'disk: {warnFreePercent: 101}' | disk.warnFreePercent: expected from 0 to 100",
        "'disk: {stopFreeBytes: -1}' | disk.stopFreeBytes: expected at least 0",
        "'log: {level: loud}' | log.level: expected error, warn, info, debug or trace",
        "'log: {format: xml}' | log.format: expected text or json",
        "'hostnames: one' | hostnames: expected a list of texts",
        "'listeners: 3' | listeners: expected keys and values",
        "'[1]' | expected keys and values",
        "'a: [' | not YAML",
      })
  @DisplayName("says which key is wrong, and what was expected")
  void names_mistakes(String yaml, String message) {
    assertThatThrownBy(() -> ConfigFile.parse(yaml))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
