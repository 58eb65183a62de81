// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.integration.PrivateNetwork;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Played by {@link PrivateNetworkTest} on the phones' machine; alone it makes no sense. */
@DisplayName("A hub and phones on a segment of their own")
class AloneScenarios {
  @TempDir private Path scratch = Path.of("");
  private Path state;

  @BeforeEach
  void provision() throws Exception {
    state = scratch.resolve("hub");
    TestMaker.provision(state, new TestMaker().identity());
    System.setProperty(TestPhone.HOST, PrivateNetwork.HUB_ADDRESS);
  }

  @AfterEach
  void forget() {
    System.clearProperty(TestPhone.HOST);
  }

  private HubProcess start() throws IOException {
    String network = "--net=" + System.getenv("COUNTERSIGN_HUB_NET");
    return HubProcess.start(
        state, PrivateNetwork.HUB_ADDRESS, List.of("nsenter", network), Map.of());
  }

  @Test
  @DisplayName("nothing else can be reached, and the clock is as wrong as it should be")
  void alone() throws Exception {
    try (var socket = new Socket()) {
      // RFC 5737: an address that is nobody's, but there is a way to it from everywhere.
      assertThatThrownBy(() -> socket.connect(new InetSocketAddress("192.0.2.1", 443), 2000))
          .hasMessageContaining("unreachable");
    }
    assertThat(Clock.systemUTC().instant().atZone(ZoneOffset.UTC).getYear())
        .isEqualTo(Integer.getInteger("countersign.year"));
  }

  @Test
  @DisplayName("phones pair, control, invite and remove each other, and set the time")
  void household() throws Exception {
    TestPhone ada;
    TestPhone bob;
    TestPhone guest;
    try (HubProcess hub = start()) {
      int port = hub.port();
      ada = new TestPhone("Ada").pair(port, hub.screen().orElseThrow());
      bob = new TestPhone("Bob").pair(port, Invitations.invitation(port, ada, "{}"));
      guest =
          new TestPhone("Gus")
              .pair(
                  port,
                  Invitations.invitation(
                      port, ada, "{\"role\":\"guest\",\"expires\":\"2101-01-01T00:00:00Z\"}"));
      assertThat(guest.command(port, "ring", "x").problem()).isEqualTo("time-unknown");
      String time = "{\"time\":\"2100-01-01T00:00:00Z\"}";
      assertThat(ada.send(port, "PUT", "/v1/time", time).status()).isEqualTo(200);
      assertThat(guest.command(port, "ring", "x").status()).isEqualTo(200);
      assertThat(bob.command(port, "lock", "unlocked").status()).isEqualTo(200);
      try (TestEvents heard = TestEvents.open(bob, port)) {
        ada.send(port, "DELETE", "/v1/phones/" + bob.id(), "");
        heard.await(event -> event.path("type").asString("").equals("removed"));
      }
      assertThat(bob.command(port, "lock", "locked").status()).isEqualTo(401);
    }
    try (HubProcess hub = start()) {
      int port = hub.port();
      assertThat(ada.command(port, "lock", "locked").status()).isEqualTo(200);
      assertThat(bob.command(port, "lock", "locked").status()).isEqualTo(401);
      assertThat(guest.command(port, "ring", "x").problem()).isEqualTo("time-unknown");
      hub.press();
      var byLabel = new TestPhone("Cem").pair(port, hub.label());
      assertThat(byLabel.command(port, "lock", "unlocked").status()).isEqualTo(200);
    }
  }
}
