// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.demo;

import static dev.countersign.cli.demo.Stage.require;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.Json;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.client.transport.Endpoint;
import dev.countersign.client.transport.JdkTransport;
import dev.countersign.client.transport.ServerTrust;
import dev.countersign.client.transport.TimeFloor;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.sealed.SealedMessage;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Two devices behind the cloud of a chip vendor, which sees all that they say, and misbehaves. */
final class RelaySteps {
  private static final String ACCOUNT = "vendor-cloud";
  private static final DeviceSerial FIRST = new DeviceSerial("DEMO-3");
  private static final DeviceSerial SECOND = new DeviceSerial("DEMO-4");
  private static final int LEVEL = 2;

  /** What devices say and are told, and no message must show. */
  private static final List<String> CONFIDENTIAL =
      List.of("temperature", "interval", FIRST.value(), SECOND.value());

  private final Stage stage;
  private final Sha256 root;

  /**
   * The steps.
   *
   * @param root fingerprint of what the cloud verifies the server by
   */
  RelaySteps(Stage stage, Sha256 root) {
    this.stage = stage;
    this.root = root;
  }

  void run() throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    try (VendorCloud cloud = cloud();
        RelayedDevice first = new RelayedDevice(stage, FIRST, cloud);
        RelayedDevice second = new RelayedDevice(stage, SECOND, cloud)) {
      carried(first, second);
      new RelayAttacks(stage, cloud, first, second).run();
      unreadable(cloud);
      foundBack(first);
      health(cloud);
      new SealedEnrolment(stage, first).run();
      // What the other one does is nothing to this one.
      second.send();
      second.requireExactlyOnce(stage);
    }
  }

  private VendorCloud cloud() throws CommandException, IOException {
    JsonNode account =
        stage
            .operator()
            .post(ApiPath.of("relays"), Json.object().put("name", ACCOUNT).put("mode", "signed"));
    var server =
        new Endpoint(
            stage.doors().certificates(),
            new ServerTrust.RootFingerprint(root),
            new TimeFloor(),
            Optional.empty());
    return new VendorCloud(
        ACCOUNT,
        account.path("secret").asString("").getBytes(UTF_8),
        JdkTransport.open(server),
        stage.clock());
  }

  private void carried(RelayedDevice first, RelayedDevice second)
      throws CommandException, IOException, ProtocolException {
    first.send();
    second.send();
    first.requireExactlyOnce(stage);
    second.requireExactlyOnce(stage);
    JsonNode reading = stage.readings(FIRST).getFirst();
    require(reading.path("level").asInt() == LEVEL, "the reading has another level");
    require(
        reading.path("listener").asString("").equals("hook:" + ACCOUNT),
        "the reading did not come through the relay");
    stage.done(
        "sealed devices " + FIRST + " and " + SECOND + " send through somebody else's cloud");
  }

  /** The cloud ends TLS on both sides: all that it carried, it had in clear. */
  private void unreadable(VendorCloud cloud) throws CommandException, ProtocolException {
    List<String> seen = cloud.seen();
    for (String message : seen) {
      // Errors are no messages, and say nothing.
      if (message.startsWith("o1.")) {
        String bytes = new String(SealedMessage.parse(message).sealedBytes(), ISO_8859_1);
        for (String word : CONFIDENTIAL) {
          require(!bytes.contains(word) && !message.contains(word), "the relay can read " + word);
        }
      } else {
        require(message.matches("(e1\\.\\d)?"), "the relay saw what is not sealed");
      }
    }
    stage.done(
        "the relay saw " + seen.size() + " messages and answers, and can read none of them:");
    String one = seen.getFirst();
    stage.output().text("    " + one.substring(0, Math.min(one.length(), 72)) + "…");
  }

  private void foundBack(RelayedDevice device)
      throws CommandException, IOException, ProtocolException {
    device.loseState();
    device.send();
    device.requireExactlyOnce(stage);
    stage.done("device that lost its sequence numbers agreed on new keys and went on by itself");
  }

  /** What the server found out by itself must be what the cloud did, to the last count. */
  private void health(VendorCloud cloud) throws CommandException {
    JsonNode health = stage.operator().get(ApiPath.of("relays", ACCOUNT, "health"));
    var found = new TreeMap<String, Integer>();
    for (Map.Entry<String, JsonNode> finding : health.path("findings").properties()) {
      found.put(finding.getKey(), finding.getValue().path("count").asInt());
    }
    require(found.remove("delivered") != null, "relay health does not know of any message");
    require(
        found.equals(cloud.acts()), "the relay did " + cloud.acts() + ", and health says " + found);
    require(
        health.path("state").asString("").equals("suspicious"),
        "relay health does not suspect the relay");
    stage.done("relay health names each of it, counted right: " + found);
    stage.output().text("    " + health.path("verdict").asString(""));
  }
}
