// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.protocol.settings.SettingsReceipt;
import dev.countersign.server.TestHouse;
import dev.countersign.server.credentials.AuthenticatedDevice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Settings: every change is a version, and a device that waits learns of it")
final class DeviceSettingsTest {
  private static final DeviceSerial SERIAL = new DeviceSerial("SN-1");

  private final TestHouse house = new TestHouse();
  private AuthenticatedDevice device;

  DeviceSettingsTest() throws Exception {}

  @BeforeEach
  void enrol() throws Exception {
    device =
        house.authenticator.byCertificate(
            house.judge.judge(List.of(house.enrol("SN-1", house.newKey()))));
  }

  private DeviceSettings.Status set(String name, Optional<Scalar> value) throws Exception {
    return house.settings.change(SERIAL, Map.of(name, value), house.operator).orElseThrow();
  }

  private static Optional<Scalar> number(double value) {
    return Optional.of(new Scalar.Numeric(value));
  }

  @Test
  @DisplayName("before the first change it is version 0 with nothing in it")
  void nothing_is_version_zero() {
    SettingsAnswer answer = house.settings.answerFor(device);

    assertThat(answer.version()).isZero();
    assertThat(answer.settings().values()).isEmpty();
  }

  @Test
  @DisplayName("the version at hand is the current one or none, never an old one")
  void version_at_hand() throws Exception {
    assertThat(house.settings.versionAtHand(device)).isEmpty();
    assertThat(house.settings.currentVersion(device)).isZero();
    assertThat(house.settings.versionAtHand(device)).hasValue(0);

    set("interval", number(60));

    assertThat(house.settings.versionAtHand(device)).isEmpty();
    assertThat(house.settings.currentVersion(device)).isEqualTo(1);
    assertThat(house.settings.versionAtHand(device)).hasValue(1);
  }

  @Test
  @DisplayName("changes merge; removing a name is a change; changing nothing makes no version")
  void changes_merge() throws Exception {
    set("interval", number(60));
    set("mode", Optional.of(new Scalar.Text("eco")));
    assertThat(set("interval", number(60)).desired().version()).isEqualTo(2);
    set("mode", Optional.empty());

    SettingsAnswer answer = house.settings.answerFor(device);

    assertThat(answer.version()).isEqualTo(3);
    assertThat(answer.settings().values()).isEqualTo(Map.of("interval", number(60).orElseThrow()));
    assertThat(house.auditOf("SN-1")).contains("settings-changed");
  }

  @Test
  @DisplayName("a wait ends with the change, and at once if it came before")
  void waiting() throws Exception {
    var waiting = house.settings.awaitChange(device, 0, Duration.ofSeconds(60));
    assertThat(waiting).isNotDone();

    set("interval", number(60));

    assertThat(waiting).isCompletedWithValue(true);
    assertThat(house.settings.awaitChange(device, 0, Duration.ofSeconds(60)))
        .isCompletedWithValue(true);
  }

  @Test
  @DisplayName("a second wait of the same device ends its first")
  void one_wait_per_device() {
    var first = house.settings.awaitChange(device, 0, Duration.ofSeconds(60));
    var second = house.settings.awaitChange(device, 0, Duration.ofSeconds(60));

    assertThat(first).isCompletedWithValue(false);
    assertThat(second).isNotDone();
  }

  @Test
  @DisplayName("a receipt counts only for a version there is, with the content it had [A2]")
  void receipts() throws Exception {
    set("interval", number(60));
    SettingsAnswer answer = house.settings.answerFor(device);

    house.settings.applied(device, new SettingsReceipt(1, answer.sha256()));
    assertThat(house.settings.status(SERIAL).orElseThrow().applied().orElseThrow().version())
        .isEqualTo(1);

    assertThatThrownBy(
            () -> house.settings.applied(device, new SettingsReceipt(7, answer.sha256())))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("version");
    set("interval", number(61));
    assertThatThrownBy(
            () -> house.settings.applied(device, new SettingsReceipt(2, answer.sha256())))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("sha256");
    assertThat(house.settings.status(SERIAL).orElseThrow().applied().orElseThrow().version())
        .isEqualTo(1);
  }

  @Test
  @DisplayName("one device's settings are not another's")
  void settings_are_of_one_device() throws Exception {
    set("interval", number(60));
    AuthenticatedDevice other =
        house.authenticator.byCertificate(
            house.judge.judge(List.of(house.enrol("SN-2", house.newKey()))));

    assertThat(house.settings.answerFor(other).version()).isZero();
  }
}
