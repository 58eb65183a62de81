// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.demo;

import static dev.countersign.cli.demo.Stage.require;
import static dev.countersign.cli.demo.Stage.temperature;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.client.DeviceClient;
import dev.countersign.client.identity.DeviceIdentity;
import dev.countersign.client.identity.FileIdentityStorage;
import dev.countersign.client.sealed.RelayRefusedException;
import dev.countersign.client.sealed.RelayRefusedException.Hint;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;

/** From a secret that a factory wrote to a key that was made on the device, through the relay. */
final class SealedEnrolment {
  private static final int LEVEL = 4;

  private final Stage stage;
  private final RelayedDevice device;

  SealedEnrolment(Stage stage, RelayedDevice device) {
    this.stage = stage;
    this.device = device;
  }

  void run() throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    var identities = new FileIdentityStorage(device.state().resolve("identity"));
    DeviceIdentity made =
        device.device().est().enrol(device.serial(), identities, Optional.empty());
    try (DeviceClient direct = DeviceClient.open(stage.doors().certificates(), identities)) {
      direct.send(List.of(temperature(device.next())));
    }
    device.requireExactlyOnce(stage);
    String key = Certificates.keyHash(made.certificate()).hex();
    require(
        stage.readings(device.serial()).stream()
            .anyMatch(
                r -> r.path("level").asInt() == LEVEL && r.path("keyId").asString("").equals(key)),
        "no reading was proven by the certificate");
    stage.done("device enrolled through the relay: its certificate works on the direct way");
    RelayRefusedException refusal =
        Stage.refused(
            RelayRefusedException.class,
            "a secret that a certificate has replaced",
            () -> device.device().settings());
    require(refusal.hint() == Hint.UNKNOWN, "it was refused for another reason: " + refusal);
    stage.done("and its old secret is erased: what it seals is refused from now on");
  }
}
