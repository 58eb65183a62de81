// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.demo;

import static dev.countersign.cli.demo.Stage.require;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.client.PhoneClient;
import dev.countersign.client.control.HubEvent;
import dev.countersign.client.control.HubEvents;
import dev.countersign.client.control.HubSession;
import dev.countersign.client.control.Invitation;
import dev.countersign.client.control.ListedPhone;
import dev.countersign.client.control.RemovedFromHubException;
import dev.countersign.client.hub.HubAddress;
import dev.countersign.client.pairing.FilePhoneStorage;
import dev.countersign.client.pairing.PairingResult;
import dev.countersign.hub.Hub;
import dev.countersign.hub.HubOptions;
import dev.countersign.hub.example.DoorAndThermostat;
import dev.countersign.hub.factory.StationRefusedException;
import dev.countersign.hub.identity.HubIdentity;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.Optional;

/** A hub without internet and two phones, from the factory to the phone that is removed. */
final class HubSteps {
  private static final String FIRST = "hub-1";
  private static final String SECOND = "hub-2";

  private final Stage stage;
  private final FactoryFloor floor;

  HubSteps(Stage stage, FactoryFloor floor) {
    this.stage = stage;
    this.floor = floor;
  }

  void run() throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    HubIdentity first = made();
    stage.done(
        "factory station signed "
            + FactoryFloor.QUOTA
            + " hubs without a server, each with a key of its own; the next one refused");
    try (Hub hub = open(FIRST);
        Hub other = open(SECOND)) {
      stage.done("hub " + first.id() + " runs: TLS 1.3, no internet, a window for its first phone");
      PhoneClient ada = phone("ada");
      PhoneClient bob = phone("bob");
      pairOwner(hub, ada);
      try (HubSession owner = opened(ada, hub)) {
        ListedPhone second = pairSecond(hub, owner, bob);
        bothControl(hub, owner, bob);
        removal(hub, owner, second, bob);
      }
      new HubAttacks(stage, hub).run(ada, addressOf(other), other.identity());
    }
  }

  /** As many as the quota says, and not one more. */
  private HubIdentity made() throws CommandException, IOException {
    HubIdentity first;
    try {
      first = floor.make(FIRST);
      floor.make(SECOND);
    } catch (StationRefusedException e) {
      throw new IOException(e.getMessage(), e);
    }
    try {
      floor.make("hub-3");
    } catch (StationRefusedException e) {
      return first;
    }
    throw CommandException.refused(
        "a step did not hold: the station signed more hubs than its quota",
        "this must never happen");
  }

  private Hub open(String name) throws IOException {
    var device = new DoorAndThermostat(System::nanoTime);
    var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return Hub.open(HubOptions.of(floor.stateOf(name), 0).on(anyPort), device);
  }

  static HubAddress addressOf(Hub hub) {
    return new HubAddress("127.0.0.1", hub.port());
  }

  private PhoneClient phone(String name) throws IOException {
    return PhoneClient.of(new FilePhoneStorage(stage.scratch().resolve("phone-" + name)));
  }

  private void pairOwner(Hub hub, PhoneClient phone)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    PairingCode code = hub.panel().screen().orElseThrow().code();
    PairingResult result = phone.pair(code, "Ada", addressOf(hub));
    require(
        result instanceof PairingResult.Paired(var _, Optional<PairingCode> card)
            && card.isPresent()
            && hub.panel().isOwned(),
        "the first phone did not become the owner, with a recovery card");
    stage.done(
        "first phone paired by the code on the hub's screen: owner, with a card for the drawer");
    PhoneClient late = phone("late");
    require(
        late.pair(code, "Late", addressOf(hub)) instanceof PairingResult.Closed,
        "a code paired twice");
    stage.done("the same code again refused: it pairs once");
  }

  private ListedPhone pairSecond(Hub hub, HubSession owner, PhoneClient phone)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    Invitation invitation = owner.invite(Role.USER, Optional.empty());
    require(
        phone.pair(invitation.code(), "Bob", addressOf(hub)) instanceof PairingResult.Paired,
        "an invitation did not pair");
    ListedPhone listed =
        owner.phones().stream()
            .filter(one -> one.name().equals("Bob") && one.role() == Role.USER)
            .findFirst()
            .orElse(null);
    if (listed == null) {
      throw CommandException.refused(
          "a step did not hold: the second phone is not on the list", "please report it");
    }
    stage.done("second phone paired by an invitation on the first one's screen: user");
    return listed;
  }

  private void bothControl(Hub hub, HubSession owner, PhoneClient second)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    try (HubSession user = opened(second, hub);
        HubEvents events = user.events()) {
      owner.command("lock", new Scalar.Text("unlocked"));
      for (boolean heard = false; !heard; ) {
        heard =
            events.next() instanceof HubEvent.StateChanged(var state)
                && new Scalar.Text("unlocked").equals(state.get("lock"));
      }
      var state = user.command("target", new Scalar.Numeric(23.5));
      require(new Scalar.Numeric(23.5).equals(state.get("target")), "the second phone's command");
    }
    stage.done("both phones control it by their own keys; each hears at once what the other did");
  }

  private void removal(Hub hub, HubSession owner, ListedPhone gone, PhoneClient phone)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    try (HubSession session = opened(phone, hub);
        HubEvents events = session.events()) {
      long before = System.nanoTime();
      owner.remove(gone.id());
      awaitRemoval(events);
      long millis = (System.nanoTime() - before) / 1_000_000;
      require(
          phone.open(hub.identity().id()) instanceof PhoneClient.Opening.RemovedFromHub,
          "a removed phone came back");
      owner.state(); // the other one is as before
      stage.done("second phone removed: cut off while connected, " + millis + " ms later");
    }
  }

  private static void awaitRemoval(HubEvents events) throws IOException, ProtocolException {
    try {
      while (!(events.next() instanceof HubEvent.Removed)) {
        // what happened before
      }
    } catch (RemovedFromHubException e) {
      // the connection's end says it too
    }
  }

  static HubSession opened(PhoneClient phone, Hub hub)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    PhoneClient.Opening opening = phone.open(hub.identity().id());
    if (opening instanceof PhoneClient.Opening.Opened(HubSession session)) {
      return session;
    }
    throw CommandException.refused(
        "a step did not hold: the hub did not let its phone in", "please report it");
  }
}
