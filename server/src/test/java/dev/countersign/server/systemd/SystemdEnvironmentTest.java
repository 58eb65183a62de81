// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What systemd puts into the environment")
final class SystemdEnvironmentTest {
  @Test
  @DisplayName("sockets of another process, or none, are none (sd_listen_fds(3))")
  void no_sockets() throws IOException {
    assertThat(InheritedSockets.of(Map.of(), 7)).isSameAs(InheritedSockets.NONE);
    assertThat(InheritedSockets.of(Map.of("LISTEN_PID", "8", "LISTEN_FDS", "1"), 7))
        .isSameAs(InheritedSockets.NONE);
    assertThat(InheritedSockets.of(Map.of("LISTEN_PID", "7", "LISTEN_FDS", "0"), 7))
        .isSameAs(InheritedSockets.NONE);
    assertThat(InheritedSockets.NONE.next("device-https", 8443)).isEqualTo(8443);
    assertThat(InheritedSockets.NONE.transport()).isEmpty();
    InheritedSockets.NONE.requireAllTaken();
  }

  @Test
  @DisplayName("a number that is none is refused")
  void bad_count() {
    for (String count : new String[] {"", "many", "-1", "1000"}) {
      assertThatThrownBy(
              () -> InheritedSockets.of(Map.of("LISTEN_PID", "7", "LISTEN_FDS", count), 7))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("LISTEN_FDS");
    }
  }

  @Test
  @DisplayName("the watchdog is told twice as often as it bites (sd_watchdog_enabled(3))")
  void watchdog() {
    assertThat(ServiceStatus.of(Map.of("WATCHDOG_USEC", "60000000"), 7).aliveEvery())
        .contains(Duration.ofSeconds(30));
    assertThat(
            ServiceStatus.of(Map.of("WATCHDOG_USEC", "60000000", "WATCHDOG_PID", "7"), 7)
                .aliveEvery())
        .isPresent();
    assertThat(
            ServiceStatus.of(Map.of("WATCHDOG_USEC", "60000000", "WATCHDOG_PID", "8"), 7)
                .aliveEvery())
        .isEmpty();
    assertThat(ServiceStatus.of(Map.of("WATCHDOG_USEC", "0"), 7).aliveEvery()).isEmpty();
    assertThat(ServiceStatus.of(Map.of(), 7).aliveEvery()).isEmpty();
  }

  @Test
  @DisplayName("whom to tell may be missing, or gone: nothing happens")
  void nobody_to_tell() {
    ServiceStatus.of(Map.of(), 7).ready();
    ServiceStatus.of(Map.of("NOTIFY_SOCKET", "/nowhere/at/all"), 7).ready();
  }
}
