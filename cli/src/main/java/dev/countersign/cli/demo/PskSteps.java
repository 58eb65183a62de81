// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.demo;

import static dev.countersign.cli.demo.Stage.require;
import static dev.countersign.cli.demo.Stage.temperature;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.client.DeviceClient;
import dev.countersign.client.DeviceClient.Platform;
import dev.countersign.client.identity.FileIdentityStorage;
import dev.countersign.client.psk.PskCredential;
import dev.countersign.client.psk.PskTransport;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.settings.SettingsAnswer;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A device without a certificate, over TLS with a key made of its pre-set secret. */
final class PskSteps {
  private static final DeviceSerial SERIAL = new DeviceSerial("DEMO-2");
  private static final DeviceSerial NOBODY = new DeviceSerial("DEMO-0");
  private static final int LEVEL = 3;
  private static final int INTERVAL = 30;

  private final Stage stage;

  PskSteps(Stage stage) {
    this.stage = stage;
  }

  void run() throws CommandException, IOException, ProtocolException {
    byte[] secret = stage.registerWithSecret(SERIAL, "psk");
    try (PskCredential credential = PskCredential.of(SERIAL, 1, DeviceKey.ofSecret(secret));
        DeviceClient device = device(credential)) {
      reading(device, credential);
      settings(device);
      wrongKeys();
      // Whoever guesses must not be able to lock out who knows.
      device.send(List.of(temperature(20)));
      require(stage.readings(SERIAL).size() == 2, "the device with the right key was shut out");
    }
  }

  private DeviceClient device(PskCredential credential) throws IOException {
    URI server = stage.doors().keys();
    var identities = new FileIdentityStorage(stage.scratch().resolve("device-" + SERIAL));
    return DeviceClient.byKey(
        server, Platform.of(identities), PskTransport.open(server, credential));
  }

  private void reading(DeviceClient device, PskCredential credential)
      throws CommandException, IOException, ProtocolException {
    device.send(List.of(temperature(19)));
    List<JsonNode> readings = stage.readings(SERIAL);
    require(readings.size() == 1, "expected one reading, got " + readings.size());
    JsonNode reading = readings.getFirst();
    require(reading.path("level").asInt() == LEVEL, "the reading has another level");
    String key = credential.keyId().hex();
    require(reading.path("keyId").asString("").equals(key), "the reading has another key");
    stage.done(
        "device " + SERIAL + " with a pre-shared key: reading stored at level 3, key " + key);
  }

  private void settings(DeviceClient device)
      throws CommandException, IOException, ProtocolException {
    stage.set(SERIAL, "interval", INTERVAL);
    SettingsAnswer answer = device.settings();
    require(
        new Scalar.Numeric(INTERVAL).equals(answer.settings().values().get("interval")),
        "the device got other settings");
    stage.done("setting interval=" + INTERVAL + " read by it over the same TLS");
  }

  /** Who has not the key learns nothing by trying, not even whether the serial exists. */
  private void wrongKeys() throws CommandException, IOException, ProtocolException {
    String wrongKey = refusal(SERIAL);
    String unknown = refusal(NOBODY);
    require(wrongKey.equals(unknown), "a known serial is refused otherwise than an unknown one");
    require(stage.readings(SERIAL).size() == 1, "a reading with a wrong key was stored");
    boolean noted =
        stage.rows(ApiPath.of("devices", SERIAL.value(), "journal")).stream()
            .anyMatch(entry -> entry.path("reason").asString("").equals("psk-wrong-key"));
    require(noted, "the journal does not tell of the wrong key");
    stage.done("a wrong key is refused as an unknown device is, and only the journal knows which");
  }

  private String refusal(DeviceSerial serial)
      throws CommandException, IOException, ProtocolException {
    byte[] guess = "not the secret of any device at all".getBytes(UTF_8);
    try (PskCredential credential = PskCredential.of(serial, 1, DeviceKey.ofSecret(guess));
        DeviceClient guessing = device(credential)) {
      IOException refusal =
          Stage.refused(
              IOException.class, "a wrong key", () -> guessing.send(List.of(temperature(99))));
      return String.valueOf(refusal.getMessage());
    }
  }
}
