// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.countersign.hub.HubPanel;
import dev.countersign.protocol.pairing.PairingCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A hub from its first owner to its next one")
class LifecycleTest {
  @TempDir private Path scratch = Path.of("");

  private TestHub hub() throws Exception {
    return TestHub.start(scratch.resolve("hub"), new TestMaker());
  }

  private static int status(TestPhone phone, TestHub hub) throws IOException {
    return phone.send(hub.port(), "GET", "/v1/state", "").status();
  }

  @Test
  @DisplayName("a removed phone is cut off at once, with a word; the others notice and go on")
  void removed_while_connected() throws Exception {
    try (TestHub hub = hub()) {
      TestPhone owner = new TestPhone("Ada").pair(hub.port(), hub.shown());
      TestPhone bob = Invitations.invite(hub, owner, "Bob", "user");
      TestPhone eve = Invitations.invite(hub, owner, "Eve", "user");
      try (TestEvents heardByOwner = TestEvents.open(owner, hub.port());
          TestEvents heardByBob = TestEvents.open(bob, hub.port());
          TestEvents heardByEve = TestEvents.open(eve, hub.port());
          TestPhone.Line idle = bob.connect(hub.port())) {
        assertThat(idle.get("/v1/state").status()).isEqualTo(200);
        heardByEve.await(event -> event.path("type").asString("").equals("state"));
        assertThat(owner.send(hub.port(), "DELETE", "/v1/phones/" + bob.id(), "").status())
            .isEqualTo(204);
        heardByBob.await(event -> event.path("type").asString("").equals("removed"));
        await().until(() -> heardByBob.closeCode() == 4401);
        assertThat(idle.socket().getInputStream().read()).as("hung up").isEqualTo(-1);
        assertThat(heardByOwner.await("phone", "removed").path("phone").path("name").asString(""))
            .isEqualTo("Bob");
        assertThat(status(bob, hub)).isEqualTo(401);
        assertThat(bob.confirm(hub.port()).status()).isEqualTo(401);
        assertThat(eve.command(hub.port(), "lock", "unlocked").status()).isEqualTo(200);
        heardByEve.await(event -> event.path("state").path("lock").asString("").equals("unlocked"));
        assertThat(heardByEve.closeCode()).isZero();
      }
    }
  }

  @Test
  @DisplayName("a phone that is removed while it is away, or the hub is off, is refused on return")
  void removed_while_away() throws Exception {
    Path state = scratch.resolve("hub");
    TestPhone bob;
    TestPhone owner;
    try (TestHub hub = hub()) {
      owner = new TestPhone("Ada").pair(hub.port(), hub.shown());
      bob = Invitations.invite(hub, owner, "Bob", "admin");
      assertThat(status(bob, hub)).isEqualTo(200);
      owner.send(hub.port(), "DELETE", "/v1/phones/" + bob.id(), "");
      assertThat(status(bob, hub)).isEqualTo(401);
      assertThatThrownBy(() -> TestEvents.open(bob, hub.port())).hasMessageContaining(" 401 ");
    }
    try (TestHub hub = TestHub.restart(state, 0)) {
      assertThat(status(bob, hub)).isEqualTo(401);
      assertThat(status(owner, hub)).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("the last owner cannot be removed, by itself or at the hub, nor step down")
  void last_owner() throws Exception {
    try (TestHub hub = hub()) {
      TestPhone owner = new TestPhone("Ada").pair(hub.port(), hub.shown());
      Invitations.invite(hub, owner, "Bob", "admin");
      String path = "/v1/phones/" + owner.id();
      assertThat(owner.send(hub.port(), "DELETE", path, "").problem()).isEqualTo("last-owner");
      assertThat(owner.send(hub.port(), "PATCH", path, "{\"role\":\"admin\"}").problem())
          .isEqualTo("last-owner");
      assertThat(hub.panel().remove("Ada")).isInstanceOf(HubPanel.Removal.LastOwner.class);
      assertThat(hub.panel().remove("Bob")).isInstanceOf(HubPanel.Removal.Removed.class);
      assertThat(status(owner, hub)).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("a reset keeps the identity, begins an epoch, and its label pairs after the button")
  void factory_reset() throws Exception {
    Path state = scratch.resolve("hub");
    TestPhone owner;
    PairingCode label;
    try (TestHub hub = hub()) {
      label = hub.panel().label();
      owner = new TestPhone("Ada").pair(hub.port(), hub.press());
      var leaf = hub.identity().leaf();
      try (TestEvents heard = TestEvents.open(owner, hub.port())) {
        hub.panel().reset();
        await().until(() -> heard.closeCode() == 4401);
      }
      assertThat(status(owner, hub)).isEqualTo(401);
      assertThat(hub.panel().phones()).isEmpty();
      assertThat(hub.identity().leaf()).isEqualTo(leaf);
      assertThat(new TestPhone("Eve").tryToPair(hub.port(), label).problem())
          .isEqualTo("pairing-refused");
      hub.panel().pressButton();
      TestPhone next = new TestPhone("Bob").pair(hub.port(), label);
      assertThat(next.paired().grant().epoch()).isEqualTo(2);
      var about = next.send(hub.port(), "GET", "/v1/hub", "").json();
      assertThat(about.path("role").asString("")).isEqualTo("owner");
      assertThat(about.path("epoch").asLong()).isEqualTo(2);
      assertThat(about.path("hubId").asString("")).isEqualTo(label.hub().toString());
    }
    try (TestHub hub = TestHub.restart(state, 0)) {
      assertThat(status(owner, hub)).isEqualTo(401);
    }
  }

  @Test
  @DisplayName("sold with a code: who pairs with it is alone on the list, in a new epoch")
  void transfer_by_code() throws Exception {
    try (TestHub hub = hub()) {
      TestPhone owner = new TestPhone("Ada").pair(hub.port(), hub.shown());
      TestPhone user = Invitations.invite(hub, owner, "Bob", "user");
      assertThat(user.send(hub.port(), "POST", "/v1/transfer", "{}").problem()).isEqualTo("role");
      var offer = owner.send(hub.port(), "POST", "/v1/transfer", "{}");
      assertThat(offer.status()).isEqualTo(201);
      var buyer = new TestPhone("Eve");
      buyer.request(hub.port(), PairingCode.parse(offer.json().path("code").asString("")));
      assertThat(status(owner, hub)).as("until the buyer has confirmed").isEqualTo(200);
      assertThat(buyer.confirm(hub.port()).json().path("epoch").asLong()).isEqualTo(2);
      assertThat(status(owner, hub)).isEqualTo(401);
      assertThat(status(user, hub)).isEqualTo(401);
      assertThat(Invitations.role(hub, buyer)).isEqualTo("owner");
      assertThat(hub.panel().phones()).hasSize(1);
    }
  }

  @Test
  @DisplayName("handed to a phone on the list: it owns the hub, and who gave it is an admin")
  void transfer_to_a_phone() throws Exception {
    try (TestHub hub = hub()) {
      TestPhone owner = new TestPhone("Ada").pair(hub.port(), hub.shown());
      TestPhone heir = Invitations.invite(hub, owner, "Bob", "guest");
      String heirIs = "{\"to\":\"" + heir.id() + "\"}";
      assertThat(heir.send(hub.port(), "POST", "/v1/transfer", heirIs).problem()).isEqualTo("role");
      assertThat(owner.send(hub.port(), "POST", "/v1/transfer", heirIs).status()).isEqualTo(200);
      assertThat(Invitations.role(hub, heir)).isEqualTo("owner");
      assertThat(Invitations.role(hub, owner)).isEqualTo("admin");
      assertThat(hub.panel().phones()).hasSize(2);
    }
  }

  @Test
  @DisplayName("all phones lost: the recovery card makes an owner once, after the button")
  void recovery_card() throws Exception {
    Path state = scratch.resolve("hub");
    PairingCode card;
    TestPhone lost;
    try (TestHub hub = hub()) {
      lost = new TestPhone("lost").pair(hub.port(), hub.shown());
      var printed = lost.send(hub.port(), "POST", "/v1/recovery-card", "");
      card = PairingCode.parse(printed.json().path("code").asString(""));
      assertThat(card.needsButton()).isTrue();
      assertThat(new TestPhone("Eve").tryToPair(hub.port(), card).problem())
          .isEqualTo("pairing-closed");
    }
    try (TestHub hub = TestHub.restart(state, 0)) {
      hub.panel().pressButton();
      TestPhone back = new TestPhone("back").pair(hub.port(), card);
      assertThat(Invitations.role(hub, back)).isEqualTo("owner");
      assertThat(back.send(hub.port(), "DELETE", "/v1/phones/" + lost.id(), "").status())
          .isEqualTo(204);
      hub.panel().pressButton();
      assertThat(new TestPhone("Eve").tryToPair(hub.port(), card).problem())
          .isEqualTo("pairing-refused");
    }
  }

  @Test
  @DisplayName("all phones lost and no card: a reset, and the first phone is the owner again")
  void reset_without_card() throws Exception {
    try (TestHub hub = hub()) {
      new TestPhone("lost").pair(hub.port(), hub.shown());
      hub.panel().pressButton();
      TestPhone byLabel = new TestPhone("Ada").pair(hub.port(), hub.panel().label());
      assertThat(Invitations.role(hub, byLabel)).as("a label is no way around").isEqualTo("user");
      hub.panel().reset();
      TestPhone next = new TestPhone("Ada").pair(hub.port(), hub.shown());
      assertThat(Invitations.role(hub, next)).isEqualTo("owner");
    }
  }

  @Test
  @DisplayName("an owner's time never goes back, is limited, and is unknown after a restart")
  void time() throws Exception {
    Path state = scratch.resolve("hub");
    TestPhone owner;
    TestPhone guest;
    try (TestHub hub = hub()) {
      owner = new TestPhone("Ada").pair(hub.port(), hub.shown());
      guest =
          Invitations.pair(
              hub,
              owner,
              new TestPhone("Gus"),
              "{\"role\":\"guest\",\"expires\":\"2031-01-01T00:00:00Z\"}");
      assertThat(guest.command(hub.port(), "ring", "x").problem()).isEqualTo("time-unknown");
      assertThat(setTime(hub, owner, "+999999999-12-31T23:59:59.999999999Z"))
          .isEqualTo("malformed");
      assertThat(setTime(hub, owner, "2030-01-01T00:00:00Z")).isEmpty();
      assertThat(setTime(hub, guest, "2030-01-02T00:00:00Z")).isEqualTo("role");
      assertThat(guest.command(hub.port(), "ring", "x").status()).isEqualTo(200);
      assertThat(setTime(hub, owner, "2029-12-31T00:00:00Z")).isEqualTo("time-rewind");
    }
    try (TestHub hub = TestHub.restart(state, 0)) {
      assertThat(guest.command(hub.port(), "ring", "x").problem()).isEqualTo("time-unknown");
      assertThat(setTime(hub, owner, "2029-12-31T00:00:00Z")).isEqualTo("time-rewind");
      assertThat(setTime(hub, owner, "2031-01-01T00:00:00Z")).isEmpty();
      assertThat(guest.command(hub.port(), "ring", "x").problem()).isEqualTo("access-ended");
      assertThat(guest.send(hub.port(), "GET", "/v1/state", "").status()).isEqualTo(403);
    }
  }

  @Test
  @DisplayName("a device that hangs in a command does not keep its hub from ending")
  void hanging_device() throws Exception {
    TestHub hub = hub();
    TestPhone owner = new TestPhone("Ada").pair(hub.port(), hub.shown());
    hub.door().hang();
    try (TestPhone.Line line = owner.connect(hub.port())) {
      line.socket()
          .getOutputStream()
          .write(
              "POST /v1/commands HTTP/1.1\r\nHost: hub\r\nContent-Length: 12\r\n\r\n{\"ring\":\"x\"}"
                  .getBytes(US_ASCII));
      hub.door().awaitHanging();
      assertTimeoutPreemptively(Duration.ofSeconds(30), hub::close);
    }
  }

  private static String setTime(TestHub hub, TestPhone by, String time) throws IOException {
    return by.send(hub.port(), "PUT", "/v1/time", "{\"time\":\"" + time + "\"}").problem();
  }
}
