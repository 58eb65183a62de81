// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.demo;

import static dev.countersign.cli.demo.Stage.require;
import static dev.countersign.cli.demo.Stage.temperature;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.Json;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.client.DeviceClient;
import dev.countersign.client.identity.DeviceIdentity;
import dev.countersign.client.identity.FileIdentityStorage;
import dev.countersign.client.identity.IdentityStorage;
import dev.countersign.client.transport.ServerRefusedException;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.est.EnrolmentToken;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A device with a certificate of its own, from the first contact to its revocation. */
final class CertificateSteps {
  private static final DeviceSerial SERIAL = new DeviceSerial("DEMO-1");
  private static final int UNAUTHORIZED = 401;
  private static final Duration CUT_OFF_WITHIN = Duration.ofSeconds(1);

  private final Stage stage;

  CertificateSteps(Stage stage) {
    this.stage = stage;
  }

  void run() throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    JsonNode added = stage.register(SERIAL, "certificate");
    stage.done("device " + SERIAL + " registered, one-time token made");
    try (DeviceClient device =
        enrol(EnrolmentToken.parse(added.path("enrolmentToken").asString("")))) {
      firstReading(device);
      settings(device);
      foreignCertificate(device.identity());
      revocation(device);
    }
  }

  private DeviceClient enrol(EnrolmentToken token)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    IdentityStorage storage = new FileIdentityStorage(stage.scratch().resolve("device-" + SERIAL));
    DeviceClient device = DeviceClient.enrol(stage.doors().certificates(), SERIAL, token, storage);
    stage.done("server verified by the root's fingerprint in the token");
    stage.done(
        "device enrolled with a key made on the device: "
            + Certificates.keyHash(device.identity().certificate()).hex().substring(0, 16)
            + "…");
    return device;
  }

  private void firstReading(DeviceClient device)
      throws CommandException, IOException, ProtocolException {
    device.send(List.of(temperature(21.5)));
    List<JsonNode> readings = stage.readings(SERIAL);
    require(readings.size() == 1, "expected one reading, got " + readings.size());
    JsonNode reading = readings.getFirst();
    String key = Certificates.keyHash(device.identity().certificate()).hex();
    require(reading.path("keyId").asString("").equals(key), "the reading has another key");
    stage.done("first authenticated reading, as the operator sees it:");
    stage.output().text("    " + reading);
  }

  private void settings(DeviceClient device)
      throws CommandException, IOException, ProtocolException {
    ApiPath path = ApiPath.of("devices", SERIAL.value(), "settings");
    stage.set(SERIAL, "interval", 60);
    SettingsAnswer answer = device.settings();
    require(
        new Scalar.Numeric(60).equals(answer.settings().values().get("interval")),
        "the device got other settings");
    require(
        device.awaitSettings(answer.version(), Duration.ZERO).isEmpty(),
        "unchanged settings were sent again");
    device.confirm(answer);
    JsonNode status = stage.operator().get(path);
    require(
        status.path("applied").path("sha256").asString("").equals(answer.sha256().hex()),
        "the receipt did not arrive");
    stage.done("setting interval=60 pulled, applied and confirmed by the device (version 1)");
  }

  /** Same name, same form, other authority. */
  private void foreignCertificate(DeviceIdentity genuine)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    try (DeviceClient impostor =
        DeviceClient.open(stage.doors().certificates(), Impostor.of(genuine))) {
      ServerRefusedException refusal =
          Stage.refused(
              ServerRefusedException.class,
              "a certificate of another authority",
              () -> impostor.send(List.of(temperature(99))));
      require(refusal.status() == UNAUTHORIZED, "expected 401, got " + refusal.status());
    }
    require(stage.readings(SERIAL).size() == 1, "a false reading was stored");
    stage.done("device with a certificate of another CA refused (401), nothing stored");
  }

  private void revocation(DeviceClient device)
      throws CommandException, IOException, ProtocolException {
    device.settings(); // so that there is an open connection to be cut
    long before = System.nanoTime();
    stage
        .operator()
        .post(
            ApiPath.of("devices", SERIAL.value(), "revoke"),
            Json.object().put("reason", "keyCompromise"));
    try {
      device.send(List.of(temperature(98)));
      throw CommandException.refused("a revoked device was accepted", "this must never happen");
    } catch (ServerRefusedException e) {
      require(e.status() == UNAUTHORIZED, "expected 401, got " + e.status());
    } catch (IOException e) {
      // The connection was closed under the request: cut off as well.
      require(stage.readings(SERIAL).size() == 1, "a reading of a revoked device was stored");
    }
    Duration took = Duration.ofNanos(System.nanoTime() - before);
    require(took.compareTo(CUT_OFF_WITHIN) <= 0, "cut off only after " + took.toMillis() + " ms");
    stage.done(
        "revoked device cut off while connected, "
            + took.toMillis()
            + " ms after the operator's command");
  }
}
