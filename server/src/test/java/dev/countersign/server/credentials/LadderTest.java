// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.server.TestHouse;
import dev.countersign.server.credentials.CredentialRefusedException.Reason;
import dev.countersign.server.fleet.NewCredential;
import dev.countersign.server.fleet.Provisioning.SharedResult;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.DeviceStatus;
import dev.countersign.server.registry.NewDevice;
import dev.countersign.server.registry.Path;
import dev.countersign.server.secrets.SecretKind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The ladder: levels only rise, on each path [A6]")
class LadderTest {
  private TestHouse house;

  @BeforeEach
  void build() throws Exception {
    house = new TestHouse();
  }

  private Device add(String serial, Optional<String> model, SecretKind kind) {
    var credential = new NewCredential.Shared(kind, SealedAlgorithm.CCM, Optional.empty());
    var device = new NewDevice(new DeviceSerial(serial), model, true);
    assertThat(house.provisioning.add(device, credential, house.operator))
        .isInstanceOf(SharedResult.Added.class);
    return house.device(serial);
  }

  private void assertTooLow(String serial, Path path, int level) {
    Device device = house.device(serial);
    assertThatThrownBy(() -> house.ladder.judge(device, path, level))
        .isInstanceOfSatisfying(
            CredentialRefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.LEVEL_TOO_LOW));
  }

  private void assertOpen(String serial, Path path, int level) {
    Device device = house.device(serial);
    assertThatCode(() -> house.ladder.judge(device, path, level)).doesNotThrowAnyException();
  }

  @Test
  @DisplayName("what a device is given closes what is weaker, before it has ever come")
  void given_credential_closes_weaker_ones() {
    add("SN-1", Optional.empty(), SecretKind.SEALED);
    assertTooLow("SN-1", Path.RELAY, 1);
    assertTooLow("SN-1", Path.RELAY, 0);
    assertTooLow("SN-1", Path.DIRECT, 0);
    assertOpen("SN-1", Path.RELAY, Level.SEALED);
    assertOpen("SN-1", Path.DIRECT, Level.PRE_SHARED_KEY);

    add("SN-2", Optional.empty(), SecretKind.MAC);
    assertTooLow("SN-2", Path.RELAY, 0);
    assertOpen("SN-2", Path.RELAY, Level.MAC);

    add("SN-3", Optional.empty(), SecretKind.PSK);
    assertTooLow("SN-3", Path.DIRECT, Level.MAC);
    assertTooLow("SN-3", Path.RELAY, Level.MAC);
    assertOpen("SN-3", Path.DIRECT, Level.PRE_SHARED_KEY);
    assertThat(house.device("SN-3").status()).isEqualTo(DeviceStatus.ACTIVE);
    assertThat(house.device("SN-3").level()).isZero();
  }

  @Test
  @DisplayName("once a device came at a level, lower ones are closed for ever")
  void rises() {
    Device device = add("SN-1", Optional.empty(), SecretKind.MAC);
    house.ladder.reached(device, Path.RELAY, Level.SEALED);
    assertThat(house.device("SN-1").level()).isEqualTo(Level.SEALED);
    assertTooLow("SN-1", Path.RELAY, Level.MAC);
    house.ladder.reached(house.device("SN-1"), Path.RELAY, Level.MAC);
    assertTooLow("SN-1", Path.RELAY, Level.MAC);
  }

  @Test
  @DisplayName("a certificate in use retires the shared secret on all paths, and is audited")
  void certificate_retires_secret() {
    Device device = add("SN-1", Optional.empty(), SecretKind.SEALED);
    house.ladder.reached(device, Path.DIRECT, Level.MUTUAL_TLS);
    assertThat(house.secrets.current(device.serial())).isEmpty();
    assertTooLow("SN-1", Path.DIRECT, Level.PRE_SHARED_KEY);
    assertThat(house.auditOf("SN-1"))
        .isEqualTo(List.of("device-added", "secret-given", "secret-retired"));
  }

  @Test
  @DisplayName("unless its model goes on to send through a relay")
  void relayed_model_keeps_secret() {
    Device device = add("SN-1", Optional.of("relayed"), SecretKind.SEALED);
    house.ladder.reached(device, Path.DIRECT, Level.MUTUAL_TLS);
    assertThat(house.secrets.current(device.serial())).isPresent();
    assertTooLow("SN-1", Path.DIRECT, Level.PRE_SHARED_KEY);
    assertOpen("SN-1", Path.RELAY, Level.SEALED);
  }
}
