// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.integration.attacks.HubRoutes.Asked;
import dev.countersign.integration.hub.Household;
import dev.countersign.integration.hub.TestPhone;
import dev.countersign.integration.hub.TestPhone.Line;
import dev.countersign.integration.hub.TestPhone.Reply;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What is said in one protocol of a hub is nothing in another")
class HubProtocolsTest {
  private static final List<String[]> PAIRING =
      List.of(
          new String[] {"GET", "/pair"},
          new String[] {"POST", "/pair"},
          new String[] {"POST", "/pair/code"},
          new String[] {"GET", "/successors"});

  @TempDir private Path scratch;

  private Household house;

  @BeforeEach
  void start() throws Exception {
    house = Household.start(scratch);
  }

  @AfterEach
  void stop() throws Exception {
    house.close();
  }

  /** Shows the owner's certificate, which would open everything. */
  private Reply asOwner(@Nullable String alpn, String method, String path, String body)
      throws IOException {
    try (Line line = Line.open(house.port(), alpn, house.owner().identity())) {
      return line.send(method, path, "application/json", body.getBytes(UTF_8));
    }
  }

  @Test
  @DisplayName("what phones may ask is not there for who pairs, nor for a browser")
  void phones_routes_elsewhere() throws Exception {
    for (String alpn : Arrays.asList("cs-pair/1", "http/1.1", null)) {
      for (Asked route : HubRoutes.ROUTES) {
        Reply reply = asOwner(alpn, route.method(), route.path(), route.body());
        assertThat(reply.status()).as("%s over %s", route, alpn).isIn(404, 405);
        assertThat(new String(reply.body(), UTF_8)).doesNotContain("CS1:");
      }
      assertThat(asOwner(alpn, "POST", "/confirm", "").status()).isIn(404, 405);
    }
    assertThat(house.hub().door().done()).isEmpty();
    assertThat(house.hub().panel().screen()).isEmpty();
    for (Asked route : HubRoutes.ROUTES) {
      assertThat(asOwner("cs/1", route.method(), route.path(), route.body()).status())
          .isBetween(200, 204);
    }
  }

  @Test
  @DisplayName("who has not confirmed does not do so anywhere but where phones are")
  void confirmation_elsewhere() throws Exception {
    var pending = new TestPhone("Pia").request(house.port(), house.invite(Role.USER));
    for (String alpn : Arrays.asList("cs-pair/1", "http/1.1", null)) {
      try (Line line = Line.open(house.port(), alpn, pending.identity())) {
        assertThat(line.post("/confirm", "application/json", new byte[0]).status()).isIn(404, 405);
      }
    }
    assertThat(house.hub().panel().phones()).hasSize(1);
    assertThat(pending.confirm(house.port()).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("pairing is not there for phones, nor for a browser")
  void pairing_elsewhere() throws Exception {
    for (String alpn : Arrays.asList("cs/1", "http/1.1", null)) {
      for (String[] route : PAIRING) {
        assertThat(asOwner(alpn, route[0], route[1], "").status())
            .as("%s %s over %s", route[0], route[1], alpn)
            .isIn(404, 405);
      }
    }
    assertThat(asOwner("cs-pair/1", "GET", "/pair", "").status()).isEqualTo(200);
    assertThat(asOwner("cs-pair/1", "POST", "/pair", "").status()).isEqualTo(400);
  }

  @Test
  @DisplayName("a protocol that is none of them is no connection")
  void other_protocols() throws Exception {
    for (String alpn : List.of("h2", "cs/2", "cs-pair/10", "countersign", "http/1.0", "CS/1")) {
      assertThatThrownBy(() -> Line.open(house.port(), alpn, house.owner().identity()).close())
          .as(alpn)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no_application_protocol");
    }
    try (Line line = Line.open(house.port(), "cs/1", house.owner().identity())) {
      assertThat(line.socket().getApplicationProtocol()).isEqualTo("cs/1");
    }
  }

  @Test
  @DisplayName("knowing the Wi-Fi, and with it all that a hub says to anybody, pairs nobody")
  void wifi_alone() throws Exception {
    Household.expect(200, house.send("POST", "/v1/window", "{\"role\":\"admin\"}"));
    PairingCode shown = house.hub().shown();
    PairingCode label = house.hub().panel().label();
    var manual = house.hub().panel().screen().orElseThrow().manual();
    var said = new ArrayList<String>();
    for (String[] each :
        List.of(
            new String[] {"cs-pair/1", "/pair"},
            new String[] {"cs-pair/1", "/successors"},
            new String[] {"http/1.1", "/"},
            new String[] {"http/1.1", "/qr.svg"},
            new String[] {"http/1.1", "/screen.svg"},
            new String[] {"cs/1", "/v1/hub"})) {
      try (Line line = Line.open(house.port(), each[0], null)) {
        said.add(new String(line.get(each[1]).body(), UTF_8));
      }
    }
    SecretAccess access = SecretAccess.insecure();
    for (PairingCode code : List.of(shown, label)) {
      String text = code.text(access);
      assertThat(said).noneMatch(each -> each.contains(text));
      String secret = dev.countersign.protocol.Hexadecimal.encode(code.secret().bytes(access));
      assertThat(said).noneMatch(each -> each.contains(secret));
    }
    assertThat(said).noneMatch(each -> each.contains(manual.digits(access)));
    assertThat(said.getFirst()).contains(house.hub().identity().id().toString());
    // Who sees the screen is in.
    assertThat(new TestPhone("Ada").tryToPair(house.port(), shown).status()).isEqualTo(200);
  }
}
