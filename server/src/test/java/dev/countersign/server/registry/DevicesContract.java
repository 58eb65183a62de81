// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.Transaction;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link Devices} does. */
abstract class DevicesContract {
  private static final Instant NOW = Instant.parse("2026-11-21T20:30:00.123456789Z");
  private static final Instant NOW_KEPT = Instant.parse("2026-11-21T20:30:00.123Z");

  private Database database;
  private Devices devices;

  abstract Database database();

  abstract Devices devices();

  @BeforeEach
  void open() {
    database = database();
    devices = devices();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Device add(String serial) {
    return database.<Device, RuntimeException>write(tx -> add(tx, serial));
  }

  private Device add(Transaction tx, String serial) {
    return devices.add(tx, device(serial), NOW).orElseThrow();
  }

  private static NewDevice device(String serial) {
    return new NewDevice(new DeviceSerial(serial), Optional.of("pump"), true);
  }

  private Device reread(Device device) {
    return database.<Device, RuntimeException>read(
        tx -> devices.find(tx, device.id()).orElseThrow());
  }

  private void write(Change change) {
    database.<Boolean, RuntimeException>write(tx -> {
      change.in(tx);
      return true;
    });
  }

  private interface Change {
    void in(Transaction tx);
  }

  private List<String> list(
      Optional<DeviceStatus> status, Optional<DeviceSerial> after, int limit) {
    return database.<List<String>, RuntimeException>read(tx ->
        devices.list(tx, status, after, limit).stream()
            .map(device -> device.serial().value())
            .toList());
  }

  @Test
  @DisplayName("a new device is pending, at level 0, and found by id and by serial")
  void adds_pending_device() {
    var added = add("SN-1");
    assertThat(added)
        .isEqualTo(
            new Device(
                added.id(),
                new DeviceSerial("SN-1"),
                Optional.of("pump"),
                DeviceStatus.PENDING,
                true,
                0,
                0,
                0,
                0,
                NOW_KEPT,
                Optional.empty()));
    assertThat(reread(added)).isEqualTo(added);
    var bySerial =
        database.<Optional<Device>, RuntimeException>read(tx -> devices.find(tx, added.serial()));
    assertThat(bySerial).contains(added);
  }

  @Test
  @DisplayName("a device without model and clock is kept as such")
  void adds_plain_device() {
    var plain = new NewDevice(new DeviceSerial("SN-1"), Optional.empty(), false);
    var added =
        database.<Device, RuntimeException>write(tx -> devices.add(tx, plain, NOW).orElseThrow());
    assertThat(reread(added).model()).isEmpty();
    assertThat(reread(added).hasClock()).isFalse();
  }

  @Test
  @DisplayName("a serial is registered once, byte by byte")
  void refuses_second_device_of_serial() {
    add("SN-1");
    var again =
        database.<Optional<Device>, RuntimeException>write(
            tx -> devices.add(tx, device("SN-1"), NOW));
    assertThat(again).isEmpty();
    assertThat(add("sn-1").id()).isPositive();
  }

  @Test
  @DisplayName("devices are listed by serial, from where the last list ended, by status if asked")
  void lists_by_serial() {
    for (String serial : List.of("b", "C", "a", "d")) {
      add(serial);
    }
    write(tx -> devices.setStatus(tx, add(tx, "e").id(), DeviceStatus.REVOKED));
    assertThat(list(Optional.empty(), Optional.empty(), 10))
        .containsExactly("C", "a", "b", "d", "e");
    assertThat(list(Optional.empty(), Optional.of(new DeviceSerial("a")), 2))
        .containsExactly("b", "d");
    assertThat(list(Optional.of(DeviceStatus.REVOKED), Optional.empty(), 10)).containsExactly("e");
    assertThat(list(Optional.of(DeviceStatus.ACTIVE), Optional.empty(), 10)).isEmpty();
  }

  @Test
  @DisplayName("each enrolment makes active and begins the next epoch")
  void enrols() {
    var device = add("SN-1");
    write(tx -> devices.enrolled(tx, device.id()));
    write(tx -> devices.enrolled(tx, device.id()));
    assertThat(reread(device).status()).isEqualTo(DeviceStatus.ACTIVE);
    assertThat(reread(device).enrolmentEpoch()).isEqualTo(2);
  }

  @Test
  @DisplayName("the minimum level of a path follows the level up and never down")
  void raises_minimum_level() {
    var device = add("SN-1");
    write(tx -> devices.raiseLevel(tx, device.id(), Path.DIRECT, 4));
    write(tx -> devices.raiseLevel(tx, device.id(), Path.DIRECT, 3));
    assertThat(reread(device).level()).isEqualTo(3);
    assertThat(reread(device).minimumLevel(Path.DIRECT)).isEqualTo(4);
  }

  @Test
  @DisplayName("any level above 0 closes level 0 on the other path, and no more than that")
  void closes_level_0_everywhere() {
    var device = add("SN-1");
    write(tx -> devices.raiseLevel(tx, device.id(), Path.DIRECT, 0));
    assertThat(reread(device).minimumLevel()).isZero();
    write(tx -> devices.raiseLevel(tx, device.id(), Path.RELAY, 2));
    assertThat(reread(device).minimumLevel(Path.RELAY)).isEqualTo(2);
    assertThat(reread(device).minimumLevel(Path.DIRECT)).isEqualTo(1);
  }

  @Test
  @DisplayName("a level can be required before it was ever used")
  void requires_level() {
    var device = add("SN-1");
    write(tx -> devices.requireLevel(tx, device.id(), Path.DIRECT, 3));
    write(tx -> devices.requireLevel(tx, device.id(), Path.DIRECT, 1));
    assertThat(reread(device).level()).isZero();
    assertThat(reread(device).minimumLevel(Path.DIRECT)).isEqualTo(3);
    assertThat(reread(device).minimumLevel(Path.RELAY)).isZero();
    assertThat(reread(device).minimumLevel()).isEqualTo(3);
  }

  @Test
  @DisplayName("last seen never goes back, and a device that is gone is passed over")
  void notes_last_seen() {
    var device = add("SN-1");
    write(tx -> devices.seen(tx, Map.of(device.id(), NOW, device.id() + 1, NOW)));
    write(tx -> devices.seen(tx, Map.of(device.id(), NOW.minusSeconds(1))));
    assertThat(reread(device).lastSeen()).contains(NOW_KEPT);
    write(tx -> devices.seen(tx, Map.of(device.id(), NOW.plusSeconds(1))));
    assertThat(reread(device).lastSeen()).contains(NOW_KEPT.plusSeconds(1));
  }

  @Test
  @DisplayName("a change to a device that is not there is a bug")
  void refuses_change_to_missing_device() {
    assertThatThrownBy(() -> write(tx -> devices.setStatus(tx, 7, DeviceStatus.ACTIVE)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> write(tx -> devices.enrolled(tx, 7)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> write(tx -> devices.raiseLevel(tx, 7, Path.DIRECT, 4)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("a removed device is gone, its serial free, and its id never used again")
  void removes() {
    var device = add("SN-1");
    assertThat(database.<Boolean, RuntimeException>write(tx -> devices.remove(tx, device.id())))
        .isTrue();
    assertThat(database.<Boolean, RuntimeException>write(tx -> devices.remove(tx, device.id())))
        .isFalse();
    assertThat(add("SN-1").id()).isGreaterThan(device.id());
  }

  @Test
  @DisplayName("the count names every status")
  void counts() {
    add("SN-1");
    add("SN-2");
    write(tx -> devices.enrolled(tx, add(tx, "SN-3").id()));
    assertThat(database.<Map<DeviceStatus, Long>, RuntimeException>read(devices::count))
        .isEqualTo(
            Map.of(
                DeviceStatus.PENDING, 2L,
                DeviceStatus.ACTIVE, 1L,
                DeviceStatus.SUSPENDED, 0L,
                DeviceStatus.REVOKED, 0L));
  }

  @Test
  @DisplayName("silent is an active device that was neither seen nor added since")
  void counts_silent() {
    add("SN-PENDING");
    var never = add("SN-NEVER");
    var seen = add("SN-SEEN");
    write(tx -> {
      devices.enrolled(tx, never.id());
      devices.enrolled(tx, seen.id());
      devices.seen(tx, Map.of(seen.id(), NOW.plusSeconds(10)));
    });
    assertThat(silentSince(NOW.minusSeconds(1))).as("added since").isZero();
    assertThat(silentSince(NOW.plusSeconds(9))).as("seen since").isEqualTo(1);
    assertThat(silentSince(NOW.plusSeconds(11))).isEqualTo(2);
  }

  private long silentSince(Instant since) {
    return database.<Long, RuntimeException>read(tx -> devices.countSilent(tx, since));
  }

  @Test
  @DisplayName("a work that throws leaves the register as it was")
  void undoes_everything() {
    var kept = add("SN-1");
    var gone = add("SN-2");
    assertThatThrownBy(() ->
            database.write(tx -> {
              add(tx, "SN-3");
              devices.enrolled(tx, kept.id());
              devices.raiseLevel(tx, kept.id(), Path.RELAY, 2);
              devices.seen(tx, Map.of(kept.id(), NOW));
              devices.remove(tx, gone.id());
              throw new IOException("no");
            }))
        .isInstanceOf(IOException.class);
    assertThat(reread(kept)).isEqualTo(kept);
    assertThat(reread(gone)).isEqualTo(gone);
    assertThat(list(Optional.empty(), Optional.empty(), 10)).containsExactly("SN-1", "SN-2");
  }
}
