// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.InMemoryDevices;
import dev.countersign.server.registry.NewDevice;
import dev.countersign.server.relay.AuthenticatedRelay;
import dev.countersign.server.relay.Diagnosis;
import dev.countersign.server.relay.Diagnosis.Finding;
import dev.countersign.server.relay.Diagnosis.Position;
import dev.countersign.server.relay.Diagnosis.Sender;
import dev.countersign.server.relay.RelayMode;
import dev.countersign.server.relay.RelayNotes;
import dev.countersign.server.relay.RelaySecret;
import dev.countersign.server.relay.TestRelays;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Relay health")
class RelayHealthTest {
  private final TestRelays relays = new TestRelays();
  private final InMemoryDevices devices = new InMemoryDevices();
  private final InMemoryRelayFindings findings = new InMemoryRelayFindings(devices);
  private final RelayHealth health =
      new RelayHealth(
          new RelayHealth.Stores(relays.database, relays.relays, findings),
          relays.accounts,
          relays.clock,
          50,
          1000);
  private final RelaySecret secret = relays.add("alpha", RelayMode.SIGNED);
  private final AuthenticatedRelay relay = relays.authenticated("alpha", secret);
  private final Sender first = device("SN-1");
  private final Sender second = device("SN-2");

  private Sender device(String serial) {
    var added = new NewDevice(new DeviceSerial(serial), Optional.empty(), true);
    Device device =
        relays.database.<Device, RuntimeException>write(
            tx -> devices.add(tx, added, Instant.EPOCH).orElseThrow());
    return new Sender(device.id(), device.serial());
  }

  @BeforeEach
  void knows_a_number() {
    fresh(first, 1, RelayNotes.NONE);
    fresh(second, 1, RelayNotes.NONE);
  }

  private void fresh(Sender device, long sequence, RelayNotes notes) {
    note(Diagnosis.of(Finding.FRESH, device, new Position("w", sequence)), notes);
  }

  private void note(Diagnosis diagnosis, RelayNotes notes) {
    health.note(relay, diagnosis, notes, relays.clock.instant());
  }

  private static RelayNotes named(String device) {
    return new RelayNotes(Optional.empty(), Optional.of(device), Optional.empty());
  }

  private RelayReport report() {
    return health.report("alpha").orElseThrow();
  }

  private List<Tally> of(Sender device) {
    return health
        .device(relay.account(), device.serial())
        .map(DeviceTally::tallies)
        .orElse(List.of());
  }

  @Test
  @DisplayName("a relay that does what it should is called good")
  void finds_good() {
    fresh(first, 2, named("3f"));
    fresh(second, 2, named("40"));
    assertThat(report().state()).isEqualTo(RelayState.GOOD);
    assertThat(report().count(FindingKind.DELIVERED)).isEqualTo(4);
    assertThat(of(first)).extracting(Tally::count).containsExactly(2L);
    assertThat(relays.accounts.find("alpha").orElseThrow().lastUsed())
        .contains(relays.clock.instant());
  }

  @Test
  @DisplayName("numbers that do not come within ten minutes are lost")
  void counts_lost() {
    fresh(first, 4, RelayNotes.NONE);
    assertThat(report().count(FindingKind.LOST)).isZero();
    relays.clock.advance(SequenceTracker.PATIENCE);
    assertThat(report().count(FindingKind.LOST)).isEqualTo(2);
    assertThat(report().state()).isEqualTo(RelayState.UNRELIABLE);
    assertThat(report().verdict()).contains("2 numbers that never came");
    assertThat(of(first)).extracting(Tally::kind).contains(FindingKind.LOST);
    assertThat(of(second)).extracting(Tally::kind).doesNotContain(FindingKind.LOST);
  }

  @Test
  @DisplayName("out of order, twice and late are counted, and no alarm")
  void counts_what_networks_do() {
    fresh(first, 3, RelayNotes.NONE);
    fresh(first, 2, RelayNotes.NONE);
    note(Diagnosis.of(Finding.DUPLICATE, first, new Position("w", 2)), RelayNotes.NONE);
    Instant sent = relays.clock.instant().minus(RelayHealth.LATE_AFTER).minusSeconds(1);
    fresh(first, 4, new RelayNotes(Optional.empty(), Optional.empty(), Optional.of(sent)));
    RelayReport report = report();
    assertThat(report.count(FindingKind.REORDERED)).isEqualTo(1);
    assertThat(report.count(FindingKind.DUPLICATED)).isEqualTo(1);
    assertThat(report.count(FindingKind.LATE)).isEqualTo(1);
    assertThat(report.state()).isEqualTo(RelayState.GOOD);
  }

  @Test
  @DisplayName("a changed or repeated message makes a relay suspicious for a week")
  void suspects() {
    note(Diagnosis.of(Finding.ALTERED, first), RelayNotes.NONE);
    note(Diagnosis.of(Finding.REPLAYED, first, new Position("w", 1)), RelayNotes.NONE);
    assertThat(report().state()).isEqualTo(RelayState.SUSPICIOUS);
    assertThat(report().verdict())
        .contains("1 used numbers again")
        .contains("1 did not open")
        .contains("none of them had an effect");
    relays.clock.advance(RelayReport.ALARMING_FOR.plusSeconds(1));
    assertThat(report().state()).isEqualTo(RelayState.GOOD);
    assertThat(report().count(FindingKind.ALTERED)).isEqualTo(1);
  }

  @Test
  @DisplayName("a message under another device's name is found out")
  void finds_swapped() {
    fresh(first, 2, named("3f"));
    fresh(second, 2, named("40"));
    fresh(second, 3, named("3f"));
    assertThat(report().count(FindingKind.SWAPPED)).isEqualTo(1);
    assertThat(of(second)).extracting(Tally::kind).contains(FindingKind.SWAPPED);
    assertThat(report().state()).isEqualTo(RelayState.SUSPICIOUS);
  }

  @Test
  @DisplayName("a module that moved to another device for good is believed in the end")
  void learns_exchanged_modules() {
    fresh(first, 2, named("3f"));
    for (int i = 0; i < NameBook.TAKEN_OVER_AFTER + 5; i++) {
      fresh(second, 2 + i, named("3f"));
    }
    assertThat(report().count(FindingKind.SWAPPED)).isEqualTo(NameBook.TAKEN_OVER_AFTER);
  }

  @Test
  @DisplayName("what comes from nobody, or is nothing, is counted of the relay alone")
  void counts_noise() {
    note(Diagnosis.of(Finding.UNPROVEN), named("3f"));
    note(Diagnosis.of(Finding.MALFORMED), RelayNotes.NONE);
    note(Diagnosis.of(Finding.NOT_TAKEN), RelayNotes.NONE);
    assertThat(report().count(FindingKind.UNPROVEN)).isEqualTo(1);
    assertThat(report().count(FindingKind.MALFORMED)).isEqualTo(1);
    assertThat(health.devices(relay.account(), Instant.EPOCH, "", 10)).hasSize(2);
  }

  @Test
  @DisplayName("what a device delivered is written within minutes, the rest at once")
  void writes_what_cannot_wait() {
    note(Diagnosis.of(Finding.ALTERED, first), RelayNotes.NONE);
    health.flush();
    assertThat(written()).extracting(t -> t.kind().wireName()).containsExactly("altered");
    relays.clock.advance(Duration.ofMinutes(5));
    health.flush();
    assertThat(written())
        .extracting(t -> t.kind().wireName())
        .containsExactly("delivered", "altered");
  }

  private List<Tally> written() {
    return relays.database.<List<Tally>, RuntimeException>read(
        tx -> findings.ofDevice(tx, relay.id(), first.serial()).orElseThrow().tallies());
  }

  @Test
  @DisplayName("more than it can count between two flushes is dropped, and said")
  void is_bounded() {
    for (int i = 0; i < 100; i++) {
      fresh(first, 2 + i, RelayNotes.NONE);
    }
    health.flush();
    assertThat(health.dropped()).isEqualTo(52);
  }

  @Test
  @DisplayName("a frozen relay and an unused one are called that")
  void names_other_states() {
    relays.add("beta", RelayMode.STATIC);
    relays.accounts.freeze("alpha", "", "operator:anna");
    assertThat(health.reports())
        .extracting(RelayReport::state)
        .containsExactly(RelayState.FROZEN, RelayState.UNUSED);
    assertThat(health.reports()).extracting(RelayReport::isWeak).containsExactly(false, true);
    assertThat(health.report("gamma")).isEmpty();
  }
}
