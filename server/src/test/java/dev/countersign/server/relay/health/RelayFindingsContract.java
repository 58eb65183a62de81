// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.Transaction;
import dev.countersign.server.registry.Devices;
import dev.countersign.server.registry.NewDevice;
import dev.countersign.server.relay.NewRelay;
import dev.countersign.server.relay.RelayCredential;
import dev.countersign.server.relay.RelayMode;
import dev.countersign.server.relay.Relays;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link RelayFindings} does. */
abstract class RelayFindingsContract {
  private static final Instant NOW = Instant.parse("2026-11-21T20:30:00.5Z");
  private static final Instant LATER = NOW.plusSeconds(60);

  private Database database;
  private Devices devices;
  private RelayFindings findings;
  private long relay;
  private long first;
  private long second;

  abstract Database database();

  abstract Devices devices();

  abstract Relays relays();

  abstract RelayFindings findings();

  @BeforeEach
  void open() {
    database = database();
    devices = devices();
    findings = findings();
    Relays relays = relays();
    write(tx -> {
      var added = new NewRelay("alpha", RelayMode.STATIC, "o", false);
      var credential = new RelayCredential.Hashed(Sha256.of(new byte[] {1}));
      relay = relays.add(tx, added, credential, NOW, "anna").orElseThrow().id();
      first = device(tx, "SN-1");
      second = device(tx, "SN-2");
    });
  }

  @AfterEach
  void close() {
    database.close();
  }

  private long device(Transaction tx, String serial) {
    var device = new NewDevice(new DeviceSerial(serial), Optional.empty(), true);
    return devices.add(tx, device, NOW).orElseThrow().id();
  }

  private void write(Consumer<Transaction> work) {
    database.write(tx -> {
      work.accept(tx);
      return null;
    });
  }

  private List<Tally> ofRelay() {
    return database.<List<Tally>, RuntimeException>read(tx -> findings.ofRelay(tx, relay));
  }

  private Optional<DeviceTally> ofDevice(String serial) {
    return database.<Optional<DeviceTally>, RuntimeException>read(
        tx -> findings.ofDevice(tx, relay, new DeviceSerial(serial)));
  }

  private OptionalLong named(String name) {
    return database.<OptionalLong, RuntimeException>read(
        tx -> findings.deviceNamed(tx, relay, name));
  }

  private int countNames(long device) {
    return database.<Integer, RuntimeException>read(tx -> findings.countNames(tx, relay, device));
  }

  private void add(OptionalLong device, FindingKind kind, long count, Instant at) {
    write(tx -> findings.add(tx, relay, device, new Tally(kind, count, at, at)));
  }

  @Test
  @DisplayName("counts add up, with the first and the last time")
  void adds_up() {
    add(OptionalLong.empty(), FindingKind.LOST, 3, LATER);
    add(OptionalLong.empty(), FindingKind.LOST, 2, NOW);
    add(OptionalLong.empty(), FindingKind.DELIVERED, 1, NOW);
    assertThat(ofRelay())
        .containsExactly(
            new Tally(FindingKind.DELIVERED, 1, NOW, NOW),
            new Tally(FindingKind.LOST, 5, NOW, LATER));
  }

  @Test
  @DisplayName("devices are counted apart, and listed by serial")
  void counts_devices() {
    add(OptionalLong.of(second), FindingKind.ALTERED, 1, NOW);
    add(OptionalLong.of(first), FindingKind.DELIVERED, 1, LATER);
    add(OptionalLong.of(first), FindingKind.DELIVERED, 1, LATER);
    var sn1 =
        new DeviceTally(
            new DeviceSerial("SN-1"), List.of(new Tally(FindingKind.DELIVERED, 2, LATER, LATER)));
    var sn2 =
        new DeviceTally(
            new DeviceSerial("SN-2"), List.of(new Tally(FindingKind.ALTERED, 1, NOW, NOW)));
    assertThat(ofRelay()).isEmpty();
    assertThat(devices(Instant.EPOCH, "", 10)).containsExactly(sn1, sn2);
    assertThat(devices(Instant.EPOCH, "", 1)).containsExactly(sn1);
    assertThat(devices(Instant.EPOCH, "SN-1", 10)).containsExactly(sn2);
    assertThat(devices(LATER, "", 10)).containsExactly(sn1);
    assertThat(ofDevice("SN-2")).contains(sn2);
    assertThat(ofDevice("SN-3")).isEmpty();
  }

  private List<DeviceTally> devices(Instant since, String after, int limit) {
    return database.<List<DeviceTally>, RuntimeException>read(
        tx -> findings.ofDevices(tx, relay, since, after, limit));
  }

  @Test
  @DisplayName("a name has one owner at a time")
  void learns_names() {
    write(tx -> findings.learn(tx, relay, "3f", first, NOW));
    assertThat(named("3f")).hasValue(first);
    write(tx -> findings.learn(tx, relay, "3f", second, NOW));
    assertThat(named("3f")).hasValue(second);
    assertThat(named("40")).isEmpty();
    assertThat(countNames(first)).isZero();
    assertThat(countNames(second)).isEqualTo(1);
  }

  @Test
  @DisplayName("what concerns a removed device is gone, and nothing more is kept of it")
  void forgets_removed_devices() {
    add(OptionalLong.of(first), FindingKind.LOST, 1, NOW);
    write(tx -> findings.learn(tx, relay, "3f", first, NOW));
    write(tx -> devices.remove(tx, first));
    add(OptionalLong.of(first), FindingKind.LOST, 1, NOW);
    write(tx -> findings.learn(tx, relay, "40", first, NOW));
    assertThat(devices(Instant.EPOCH, "", 10)).isEmpty();
    assertThat(named("3f")).isEmpty();
    assertThat(named("40")).isEmpty();
  }

  @Test
  @DisplayName("a work that throws leaves the counts as they were")
  void undoes_everything() {
    add(OptionalLong.empty(), FindingKind.LOST, 1, NOW);
    assertThatThrownBy(() ->
            database.write(tx -> {
              var lost = new Tally(FindingKind.LOST, 7, LATER, LATER);
              findings.add(tx, relay, OptionalLong.empty(), lost);
              findings.learn(tx, relay, "3f", first, NOW);
              throw new IOException("no");
            }))
        .isInstanceOf(IOException.class);
    assertThat(ofRelay()).containsExactly(new Tally(FindingKind.LOST, 1, NOW, NOW));
    assertThat(named("3f")).isEmpty();
  }
}
