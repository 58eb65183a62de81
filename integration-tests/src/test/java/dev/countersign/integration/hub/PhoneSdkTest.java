// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.client.PhoneClient;
import dev.countersign.client.PhoneClient.Opening;
import dev.countersign.client.control.HubCommand;
import dev.countersign.client.control.HubEvent;
import dev.countersign.client.control.HubEvents;
import dev.countersign.client.control.HubSession;
import dev.countersign.client.control.Invitation;
import dev.countersign.client.control.ListedPhone;
import dev.countersign.client.control.PhoneChange;
import dev.countersign.client.control.RemovedFromHubException;
import dev.countersign.client.hub.HubAddress;
import dev.countersign.client.hub.HubRefusedException;
import dev.countersign.client.pairing.FilePhoneStorage;
import dev.countersign.client.pairing.PairingResult;
import dev.countersign.client.pairing.PairingResult.Paired;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.Role;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The phone SDK at a hub of this project")
final class PhoneSdkTest {
  private static final Scalar UNLOCKED = new Scalar.Text("unlocked");

  @TempDir private Path scratch;

  private PhoneClient phone(String name) throws Exception {
    return PhoneClient.of(new FilePhoneStorage(scratch.resolve(name)));
  }

  private static HubAddress at(TestHub hub) {
    return new HubAddress("localhost", hub.port());
  }

  private static Paired pair(PhoneClient phone, String name, TestHub hub, PairingCode code)
      throws Exception {
    PairingResult result = phone.pair(code, name, at(hub));
    assertThat(result).isInstanceOf(Paired.class);
    return (Paired) result;
  }

  private static HubSession open(PhoneClient phone, TestHub hub) throws Exception {
    return ((Opening.Opened) phone.open(hub.identity().id(), at(hub))).session();
  }

  @Test
  @DisplayName("an owner pairs, commands, sets the time; a guest is invited, changed and removed")
  void whole_life() throws Exception {
    PhoneClient ada = phone("ada");
    PhoneClient bob = phone("bob");
    try (TestHub hub = TestHub.start(scratch.resolve("hub"), new TestMaker())) {
      Paired paired = pair(ada, "Ada", hub, hub.shown());
      assertThat(paired.recoveryCard()).isPresent();
      try (HubSession owner = open(ada, hub)) {
        assertThat(owner.status().role()).isEqualTo(Role.OWNER);
        assertThat(owner.status().model()).isEqualTo("Test door");
        assertThat(owner.commands()).contains(new HubCommand("ring", Role.GUEST));
        assertThat(owner.command("lock", UNLOCKED)).containsEntry("lock", UNLOCKED);
        Instant time = Instant.parse("2099-01-01T00:00:00Z");
        assertThat(owner.setTime(time)).isAfterOrEqualTo(time);

        Invitation invitation = owner.invite(Role.GUEST, Optional.empty());
        pair(bob, "Bob", hub, invitation.code());
        assertThat(phone("eve").pair(invitation.code(), "Eve", at(hub)))
            .isNotInstanceOf(Paired.class);
        try (HubSession guest = open(bob, hub)) {
          assertThatThrownBy(() -> guest.command("lock", UNLOCKED))
              .isInstanceOfSatisfying(
                  HubRefusedException.class, e -> assertThat(e.problem()).isEqualTo("role"));
          ListedPhone listed =
              owner.phones().stream().filter(p -> p.name().equals("Bob")).findFirst().orElseThrow();
          owner.change(listed.id(), PhoneChange.none().name("Bert").role(Role.USER));
          assertThat(guest.status().name()).isEqualTo("Bert");
          guest.command("lock", UNLOCKED);

          owner.remove(listed.id());
          assertThatThrownBy(guest::state).isInstanceOf(Exception.class);
        }
        assertThat(bob.open(hub.identity().id())).isInstanceOf(Opening.RemovedFromHub.class);
        assertThatThrownBy(() -> owner.remove(owner.hub().phone().phoneId()))
            .isInstanceOfSatisfying(
                HubRefusedException.class, e -> assertThat(e.problem()).isEqualTo("last-owner"));
      }
    }
  }

  @Test
  @DisplayName("events come as they happen, and end with the removal")
  void events() throws Exception {
    PhoneClient ada = phone("ada");
    PhoneClient bob = phone("bob");
    try (TestHub hub = TestHub.start(scratch.resolve("hub"), new TestMaker())) {
      pair(ada, "Ada", hub, hub.shown());
      try (HubSession owner = open(ada, hub)) {
        Paired paired = pair(bob, "Bob", hub, owner.invite(Role.USER, Optional.empty()).code());
        try (HubSession user = open(bob, hub);
            HubEvents events = user.events()) {
          assertThat(events.next()).isInstanceOf(HubEvent.StateChanged.class);
          user.command("lock", UNLOCKED);
          HubEvent changed = events.next();
          assertThat(((HubEvent.StateChanged) changed).state()).containsEntry("lock", UNLOCKED);

          try (HubEvents own = owner.events()) {
            owner.remove(paired.hub().phone().phoneId());
            assertThat(events.next()).isEqualTo(new HubEvent.Removed());
            assertThatThrownBy(events::next).isInstanceOf(RemovedFromHubException.class);
            HubEvent next = own.next();
            while (!(next instanceof HubEvent.PhoneChanged)) {
              next = own.next();
            }
            assertThat(((HubEvent.PhoneChanged) next).change()).isEqualTo("removed");
          }
        }
      }
    }
  }

  @Test
  @DisplayName("the hub is handed on, and comes back by the recovery card when all phones are lost")
  void transfer_and_recovery() throws Exception {
    PhoneClient ada = phone("ada");
    PhoneClient bob = phone("bob");
    try (TestHub hub = TestHub.start(scratch.resolve("hub"), new TestMaker())) {
      pair(ada, "Ada", hub, hub.shown());
      PairingCode card;
      try (HubSession owner = open(ada, hub)) {
        card = pair(bob, "Bob", hub, owner.transfer().code()).recoveryCard().orElseThrow();
      }
      assertThat(ada.open(hub.identity().id())).isInstanceOf(Opening.RemovedFromHub.class);
      try (HubSession owner = open(bob, hub)) {
        assertThat(owner.status().role()).isEqualTo(Role.OWNER);
        assertThat(owner.status().epoch()).isEqualTo(2);
      }

      PhoneClient found = phone("found");
      assertThat(found.pair(card, "New", at(hub))).isInstanceOf(PairingResult.Closed.class);
      hub.panel().pressButton();
      assertThat(pair(found, "New", hub, card).hub().phone().role()).isEqualTo(Role.OWNER);
    }
  }

  @Test
  @DisplayName("ten digits pair too, and a wrong one does not")
  void typed_code() throws Exception {
    try (TestHub hub = TestHub.start(scratch.resolve("hub"), new TestMaker())) {
      var screen = hub.panel().screen().orElseThrow();
      assertThat(phone("ada").pair(screen.manual(), "Ada", at(hub))).isInstanceOf(Paired.class);
    }
  }

  @Test
  @DisplayName("a phone finds its hub again after a restart, at another address")
  void survives_restart() throws Exception {
    PhoneClient ada = phone("ada");
    Path state = scratch.resolve("hub");
    try (TestHub hub = TestHub.start(state, new TestMaker())) {
      pair(ada, "Ada", hub, hub.shown());
    }
    try (TestHub hub = TestHub.restart(state, 0);
        HubSession session = open(ada, hub)) {
      assertThat(session.status().role()).isEqualTo(Role.OWNER);
      assertThat(ada.hubs().getFirst().address()).isEqualTo(at(hub));
    }
  }
}
