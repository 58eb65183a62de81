// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.hub.device.DeviceCommand;
import dev.countersign.hub.device.HubDevice.Outcome;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.Scalar.Flag;
import dev.countersign.protocol.Scalar.Numeric;
import dev.countersign.protocol.Scalar.Text;
import dev.countersign.protocol.pairing.Role;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Example device")
class DoorAndThermostatTest {
  /** Near the end of what a long holds, where time that only rises turns negative. */
  private final AtomicLong nanos =
      new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(30).toNanos());

  private final DoorAndThermostat device = new DoorAndThermostat(nanos::get);
  private final AtomicInteger changes = new AtomicInteger();

  DoorAndThermostatTest() {
    device.whenChanged(changes::incrementAndGet);
  }

  private Outcome give(String command, Scalar value) {
    return device.execute(new DeviceCommand(command, value, "A", Role.OWNER));
  }

  private Scalar value(String name) {
    return Objects.requireNonNull(device.state().get(name));
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    device.tick();
  }

  @Test
  @DisplayName("a guest opens the door, a user does all else but what ends an alarm")
  void has_roles() {
    assertThat(device.commands())
        .containsEntry("open", Role.GUEST)
        .containsEntry("lock", Role.USER)
        .containsEntry("target", Role.USER)
        .containsEntry("reset-alarm", Role.ADMIN)
        .hasSize(4);
  }

  @Test
  @DisplayName("locks, unlocks and opens, and tells each time")
  void moves_the_lock() {
    assertThat(value("lock")).isEqualTo(new Text("locked"));
    assertThat(give("lock", new Text("unlocked"))).isEqualTo(new Outcome.Done());
    assertThat(value("lock")).isEqualTo(new Text("unlocked"));
    give("lock", new Text("locked"));
    assertThat(value("lock")).isEqualTo(new Text("locked"));
    assertThat(give("open", new Flag(true))).isEqualTo(new Outcome.Done());
    assertThat(value("lock")).isEqualTo(new Text("unlocked"));
    assertThat(changes).hasValue(3);
  }

  @ParameterizedTest
  @ValueSource(doubles = {4.9, 30.1, -300, 1e300})
  @DisplayName("a target outside 5 to 30 °C is refused with the reason, and nothing changes")
  void refuses_targets(double celsius) {
    assertThat(give("target", new Numeric(celsius)))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).startsWith("target: expected 5 to 30 °C, got"));
    assertThat(value("target")).isEqualTo(new Numeric(20));
    assertThat(changes).hasValue(0);
  }

  @Test
  @DisplayName("values of the wrong kind are refused with the reason")
  void refuses_other_values() {
    assertThat(give("target", new Text("warm")))
        .isEqualTo(new Outcome.Refused("target: expected 5 to 30 °C, got warm"));
    assertThat(give("lock", new Text("ajar")))
        .isEqualTo(new Outcome.Refused("lock: expected locked or unlocked, got ajar"));
    assertThat(give("open", new Flag(false)))
        .isEqualTo(new Outcome.Refused("open: expected true, got false"));
    assertThat(give("reset-alarm", new Numeric(1)))
        .isEqualTo(new Outcome.Refused("reset-alarm: expected true, got 1"));
    assertThat(changes).hasValue(0);
    assertThatThrownBy(() -> give("explode", new Flag(true)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("the bounds themselves are possible")
  void takes_the_bounds() {
    assertThat(give("target", new Numeric(5))).isEqualTo(new Outcome.Done());
    assertThat(give("target", new Numeric(30))).isEqualTo(new Outcome.Done());
    assertThat(value("target")).isEqualTo(new Numeric(30));
  }

  @Test
  @DisplayName("the room follows the target, a degree a minute, up and down, and stops there")
  void follows_the_target() {
    pass(Duration.ofSeconds(59));
    assertThat(value("temperature")).isEqualTo(new Numeric(18.9));
    assertThat(value("heating")).isEqualTo(new Flag(true));
    pass(Duration.ofSeconds(61));
    assertThat(value("temperature")).isEqualTo(new Numeric(20));
    assertThat(value("heating")).isEqualTo(new Flag(false));
    pass(Duration.ofHours(1));
    assertThat(value("temperature")).isEqualTo(new Numeric(20));
    give("target", new Numeric(19.5));
    pass(Duration.ofSeconds(12));
    assertThat(value("temperature")).isEqualTo(new Numeric(19.8));
    pass(Duration.ofDays(400));
    assertThat(value("temperature")).isEqualTo(new Numeric(19.5));
  }

  @Test
  @DisplayName("what the room did before a new target, it did towards the old one")
  void takes_the_old_way_first() {
    nanos.addAndGet(Duration.ofMinutes(2).toNanos());
    give("target", new Numeric(10));
    assertThat(value("temperature")).isEqualTo(new Numeric(20));
  }

  @Test
  @DisplayName("tells of the room only what shows, and no time that went back")
  void tells_what_shows() {
    pass(Duration.ofSeconds(5));
    assertThat(changes).hasValue(0);
    pass(Duration.ofSeconds(1));
    assertThat(changes).hasValue(1);
    pass(Duration.ofMinutes(-5));
    assertThat(changes).hasValue(1);
    assertThat(value("temperature")).isEqualTo(new Numeric(18.1));
  }

  @Test
  @DisplayName("the frost alarm stays until it is reset, and that is refused while it freezes")
  void keeps_the_alarm() {
    give("target", new Numeric(5));
    pass(Duration.ofMinutes(13));
    assertThat(value("alarm")).isEqualTo(new Flag(true));
    assertThat(give("reset-alarm", new Flag(true)))
        .isEqualTo(new Outcome.Refused("reset-alarm: expected 7 °C or more in the room, got 5"));
    give("target", new Numeric(10));
    pass(Duration.ofMinutes(5));
    assertThat(value("alarm"))
        .as("it was cold, and somebody should know")
        .isEqualTo(new Flag(true));
    assertThat(give("reset-alarm", new Flag(true))).isEqualTo(new Outcome.Done());
    assertThat(value("alarm")).isEqualTo(new Flag(false));
  }
}
