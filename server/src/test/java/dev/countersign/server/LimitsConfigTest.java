// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Limits as they are configured")
final class LimitsConfigTest {
  @Test
  @DisplayName("connections are lowered to what the open files allow, and never raised")
  void fits_open_files() {
    assertThat(maxConnections(OpenFiles.fit(ServerConfig.DEFAULT, 1_048_576))).isEqualTo(60_000);
    assertThat(maxConnections(OpenFiles.fit(ServerConfig.DEFAULT, 20_000))).isEqualTo(7_500);
    assertThat(maxConnections(OpenFiles.fit(ServerConfig.DEFAULT, 1024))).isEqualTo(384);
    assertThat(OpenFiles.fit(ServerConfig.DEFAULT, 1024).withMaxConnections(60_000))
        .as("nothing else changes")
        .isEqualTo(ServerConfig.DEFAULT);
  }

  private static int maxConnections(ServerConfig config) {
    return config.limits().connections().max();
  }

  @Test
  @DisplayName("the operators' port has room of its own, and larger bodies")
  void listeners_have_room_of_their_own() {
    Limits limits = ServerConfig.DEFAULT.limits();
    assertThat(limits.forDevices().connections().max()).isEqualTo(60_000);
    assertThat(limits.forOperators().connections().max()).isEqualTo(6_000);
    assertThat(limits.forPlain().connections().max()).isEqualTo(6_000);
    assertThat(limits.forOperators().maxRequestBytes()).isEqualTo(limits.maxImportBytes());
  }

  @Test
  @DisplayName("a limit that makes no sense is refused by its whole name")
  void names_mistakes() {
    Map.of(
            "limits: {requestTimeoutSeconds: 0}", "limits.requestTimeoutSeconds",
            "limits: {maxBodyBytesInMemory: 2000}", "limits.maxBodyBytesInMemory",
            "limits: {connections: {max: 1}}", "limits.connections.max",
            "limits: {connections: {maxPerAdress: 5}}", "limits.connections.maxPerAddress",
            "limits: {quota: {burst: 0}}", "limits.quota.burst",
            "limits: {quota: {bytesPerDay: 1}}", "limits.quota.bytesPerDay",
            "limits: {enrolment: {windowSeconds: 0}}", "limits.enrolment.windowSeconds",
            "limits: {relays: {burst: 0}}", "limits.relays.burst",
            "limits: {quota: 7}", "limits.quota")
        .forEach((yaml, name) ->
            assertThatThrownBy(() -> ConfigFile.parse(yaml)).as(yaml).hasMessageContaining(name));
  }
}
