// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.demo;

import static dev.countersign.cli.demo.Stage.refused;
import static dev.countersign.cli.demo.Stage.require;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.cli.demo.VendorCloud.Parcel;
import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.client.sealed.RelayRefusedException;
import dev.countersign.client.sealed.RelayRefusedException.Hint;
import dev.countersign.client.transport.Transport.Response;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.sealed.OscoreMessage;
import dev.countersign.protocol.sealed.SealedMessage;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.protocol.settings.SettingsReceipt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Map;

/** What a relay can do to messages that it cannot read, and what becomes of it: nothing false. */
final class RelayAttacks {
  private static final int OK = 200;

  private final Stage stage;
  private final VendorCloud cloud;
  private final RelayedDevice device;
  private final RelayedDevice other;

  /** Against one device, with the help of another's messages. */
  RelayAttacks(Stage stage, VendorCloud cloud, RelayedDevice device, RelayedDevice other) {
    this.stage = stage;
    this.cloud = cloud;
    this.device = device;
    this.other = other;
  }

  void run() throws CommandException, IOException, ProtocolException {
    givesOldSettings();
    alters();
    drops();
    duplicates();
    reorders();
    swaps();
    other.requireExactlyOnce(stage);
  }

  /** Genuine, and of yesterday: sealed for another question than today's. */
  private void givesOldSettings() throws CommandException, IOException, ProtocolException {
    stage.set(device.serial(), "interval", 10);
    settings(10);
    String yesterday = cloud.lastAnswer(device.module());
    stage.set(device.serial(), "interval", 20);
    cloud.next(_ -> answer(yesterday));
    refused(
        NotAuthenticException.class, "an old settings document", () -> device.device().settings());
    SettingsAnswer today = settings(20);
    device.device().confirm(new SettingsReceipt(today.version(), today.sha256()));
    String applied =
        stage
            .operator()
            .get(ApiPath.of("devices", device.serial().value(), "settings"))
            .path("applied")
            .path("sha256")
            .asString("");
    require(applied.equals(today.sha256().hex()), "the receipt did not arrive");
    stage.done("relay gives yesterday's settings: refused by the device; today's are confirmed");
  }

  private SettingsAnswer settings(int interval)
      throws CommandException, IOException, ProtocolException {
    SettingsAnswer answer = device.device().settings();
    require(
        new Scalar.Numeric(interval).equals(answer.settings().values().get("interval")),
        "the device got other settings");
    return answer;
  }

  private void alters() throws CommandException, IOException, ProtocolException {
    cloud.next(parcel -> cloud.deliver(new Parcel(parcel.module(), flipped(parcel.token()))));
    cloud.did("altered");
    cloud.did("lost"); // as it was sent, it never came
    RelayRefusedException refusal =
        refused(RelayRefusedException.class, "an altered message", device::send);
    require(refusal.hint() == Hint.UNKNOWN, "it was refused for another reason: " + refusal);
    device.requireLastMissing(stage);
    cloud.next(parcel -> answer(flipped(VendorCloud.text(cloud.deliver(parcel)))));
    refused(NotAuthenticException.class, "an altered answer", device::sendAgain);
    device.sendAgain();
    device.requireExactlyOnce(stage);
    stage.done("relay alters message and answer: each refused, the reading stored once");
  }

  private void drops() throws CommandException, IOException, ProtocolException {
    cloud.next(_ -> {
      throw new IOException("no answer");
    });
    cloud.did("lost");
    refused(IOException.class, "a dropped message", device::send);
    device.requireLastMissing(stage);
    settings(20); // the device goes on with something else meanwhile
    device.sendAgain();
    device.requireExactlyOnce(stage);
    stage.done("relay drops a message: sent again by the device, stored once");
  }

  private void duplicates() throws CommandException, IOException, ProtocolException {
    var answers = new ArrayList<String>();
    cloud.next(parcel -> {
      answers.add(VendorCloud.text(cloud.deliver(parcel)));
      answers.add(VendorCloud.text(cloud.deliver(parcel)));
      return answer(answers.getLast());
    });
    device.send();
    require(
        answers.size() == 2 && answers.getFirst().equals(answers.getLast()),
        "the same message got two answers");
    device.requireExactlyOnce(stage);
    stage.done("relay delivers a message twice: the same answer to the byte, stored once");
  }

  private void reorders() throws CommandException, IOException, ProtocolException {
    var heldBack = new ArrayList<Parcel>();
    cloud.next(parcel -> {
      heldBack.add(parcel);
      throw new IOException("no answer");
    });
    cloud.did("reordered");
    refused(IOException.class, "a message that is held back", device::send);
    device.send();
    cloud.deliver(heldBack.getFirst());
    device.requireExactlyOnce(stage);
    device.sendBeforeLastAgain(); // it never heard that it arrived
    device.requireExactlyOnce(stage);
    stage.done("relay delivers messages out of order: each stored once");
  }

  private void swaps() throws CommandException, IOException, ProtocolException {
    other.send();
    String others = cloud.lastAnswer(other.module());
    cloud.next(parcel -> {
      cloud.deliver(new Parcel(other.module(), parcel.token()));
      return answer(others);
    });
    cloud.did("swapped");
    refused(NotAuthenticException.class, "another device's answer", device::send);
    // Who a reading is of says the seal, not the name that it came under.
    device.requireExactlyOnce(stage);
    other.requireExactlyOnce(stage);
    device.sendAgain();
    device.requireExactlyOnce(stage);
    stage.done(
        "relay swaps two devices' messages and answers: nothing of one counts as the other's");
  }

  private static Response answer(String token) {
    return new Response(OK, Map.of("content-type", "text/plain"), token.getBytes(US_ASCII));
  }

  /** One bit of what is sealed. */
  private static String flipped(String token) throws IOException {
    try {
      var message = (OscoreMessage) SealedMessage.parse(token);
      byte[] sealed = message.ciphertext();
      sealed[0] ^= 1;
      return OscoreMessage.of(message.header(), sealed).token();
    } catch (MalformedException e) {
      throw new IOException("expected a sealed message to alter", e);
    }
  }
}
