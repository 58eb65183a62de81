// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.hub.phones.Phone;
import dev.countersign.integration.TlsIdentity;
import dev.countersign.integration.hub.Household;
import dev.countersign.integration.hub.TestPhone;
import dev.countersign.integration.hub.TestPhone.Line;
import dev.countersign.integration.hub.TestPhone.Reply;
import dev.countersign.protocol.pairing.PairingAttempt;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingKeys;
import dev.countersign.protocol.pairing.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("One phone does not pass for another")
class BorrowedPhoneTest {
  @TempDir private Path scratch;

  private Household house;
  private TestPhone guest;

  @BeforeEach
  void start() throws Exception {
    house = Household.start(scratch);
    guest = house.add("Gus", Role.GUEST);
  }

  @AfterEach
  void stop() throws Exception {
    house.close();
  }

  @Test
  @DisplayName("the owner's certificate without the owner's key ends the handshake")
  void certificate_without_key() throws Exception {
    var borrowed =
        new TlsIdentity(guest.keys().getPrivate(), house.owner().paired().grant().certificate());
    assertThatThrownBy(() -> command(borrowed)).isInstanceOf(IOException.class);
    assertThat(house.hub().door().done()).isEmpty();
    assertThat(command(house.owner().identity()).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("the owner's certificate sent along behind one's own is not looked at")
  void certificate_of_another_in_the_chain() throws Exception {
    var both =
        new TlsIdentity(
            guest.keys().getPrivate(),
            List.of(
                guest.paired().grant().certificate(),
                house.owner().paired().grant().certificate()));
    assertThat(command(both).problem()).isEqualTo("role");
    assertThat(house.hub().door().done()).isEmpty();
  }

  private Reply command(TlsIdentity identity) throws IOException {
    try (Line line = Line.open(house.port(), "cs/1", identity)) {
      return line.post("/v1/commands", "application/json", "{\"wipe\":\"all\"}".getBytes(UTF_8));
    }
  }

  @Test
  @DisplayName("ids in paths and bodies give no rights; the connection does")
  void another_id() throws Exception {
    String owner = "/v1/phones/" + house.owner().id();
    assertThat(guest.send(house.port(), "DELETE", owner, "").problem()).isEqualTo("role");
    assertThat(guest.send(house.port(), "PATCH", owner, "{\"name\":\"Gus\"}").problem())
        .isEqualTo("role");
    for (String body :
        List.of(
            "{\"wipe\":\"all\",\"phone\":\"" + house.owner().id() + "\"}",
            "{\"phone\":\"" + house.owner().id() + "\"}")) {
      assertThat(guest.send(house.port(), "POST", "/v1/commands", body).status()).isEqualTo(400);
    }
    try (Line line = guest.connect(house.port())) {
      var reply = line.get("/v1/hub?phoneId=" + house.owner().id());
      assertThat(reply.json().path("phoneId").asString("")).isEqualTo(guest.id());
    }
    assertThat(house.send("PATCH", owner, "{\"name\":\"Olga R.\"}").status()).isEqualTo(200);
  }

  @Test
  @DisplayName("a second certificate for the key of a phone on the list is refused at pairing")
  void same_key_again() throws Exception {
    PairingCode code = house.invite(Role.ADMIN);
    Reply again = new TestPhone("Gus", guest.keys()).tryToPair(house.port(), code);
    assertThat(again.problem()).isEqualTo("malformed");
    assertThat(role(guest)).isEqualTo(Role.GUEST);
    assertThat(new TestPhone("Ann").tryToPair(house.port(), code).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("who knows a code cannot pair a key that somebody else holds")
  void key_of_somebody_else() throws Exception {
    PairingCode code = house.invite(Role.ADMIN);
    // The owner's public key, and a proof by the key of the one who asks.
    var keys = new KeyPair(house.owner().keys().getPublic(), guest.keys().getPrivate());
    assertThat(new TestPhone("Eve", keys).tryToPair(house.port(), code).problem())
        .isEqualTo("pairing-refused");
    assertThat(new TestPhone("Ann").tryToPair(house.port(), code).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("a phone that has not confirmed may confirm, and nothing else")
  void pending() throws Exception {
    var pending = new TestPhone("Pia").request(house.port(), house.invite(Role.ADMIN));
    var refusals = new ArrayList<String>();
    for (HubRoutes.Asked each : HubRoutes.ROUTES) {
      refusals.add(pending.send(house.port(), each.method(), each.path(), each.body()).problem());
    }
    assertThat(refusals).containsOnly("unauthorized");
    assertThat(house.hub().panel().phones()).extracting(Phone::name).doesNotContain("Pia");
    assertThat(pending.confirm(house.port()).status()).isEqualTo(200);
    assertThat(pending.send(house.port(), "GET", "/v1/state", "").status()).isEqualTo(200);
  }

  @Test
  @DisplayName("nobody but the pending phone confirms it")
  void confirmation_by_another() throws Exception {
    var pending = new TestPhone("Pia").request(house.port(), house.invite(Role.ADMIN));
    TlsIdentity own = pending.identity();
    try (Line line = Line.open(house.port(), "cs/1", null)) {
      assertThat(confirm(line).problem()).isEqualTo("unauthorized");
    }
    // The guest's key, under a certificate of another authority that has all the right names.
    TlsIdentity forged =
        Forgery.selfSigned(
            own.certificate(), house.hub().identity().leaf().getNotBefore().toInstant());
    try (Line line = Line.open(house.port(), "cs/1", forged)) {
      assertThat(confirm(line).problem()).isEqualTo("unauthorized");
    }
    var stolen = new TlsIdentity(guest.keys().getPrivate(), own.certificate());
    assertThatThrownBy(
            () -> {
              try (Line line = Line.open(house.port(), "cs/1", stolen)) {
                confirm(line);
              }
            })
        .isInstanceOf(IOException.class);
    // A phone that is on the list confirms itself, again, and nobody else.
    assertThat(guest.confirm(house.port()).json().path("name").asString("")).isEqualTo("Gus");
    assertThat(house.hub().panel().phones()).extracting(Phone::name).doesNotContain("Pia");
    try (Line line = Line.open(house.port(), "cs/1", own)) {
      assertThat(confirm(line).status()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("a code pairs the phone that was there first; its answer is of no use to another")
  void answer_for_another() throws Exception {
    PairingCode code = house.invite(Role.ADMIN);
    var phone = new TestPhone("Pia");
    try (Line line = Line.open(house.port(), "cs-pair/1", null)) {
      PairingKeys keys = PairingKeys.ofSecret(line.channelBinding(), code.secret(), code.hub());
      byte[] request =
          PairingAttempt.begin(keys, phone.keys(), "Pia", new SecureRandom()).request();
      Reply first = line.post("/pair", "application/cbor", request);
      assertThat(first.status()).isEqualTo(200);
      // Another attempt under the same keys, which does not take the answer to the first.
      PairingAttempt other = PairingAttempt.begin(keys, guest.keys(), "Gus", new SecureRandom());
      assertThatThrownBy(() -> other.verify(first.body()))
          .isInstanceOf(dev.countersign.protocol.NotAuthenticException.class);
      assertThat(line.post("/pair", "application/cbor", other.request()).problem())
          .isIn("pairing-closed", "pairing-busy");
    }
  }

  private static Reply confirm(Line line) throws IOException {
    return line.post("/confirm", "application/json", new byte[0]);
  }

  private Role role(TestPhone phone) {
    return house.hub().panel().phones().stream()
        .filter(each -> each.id().equals(phone.id()))
        .findFirst()
        .orElseThrow()
        .role();
  }
}
