// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.attention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.server.TestHouse;
import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.disk.DiskLimits;
import dev.countersign.server.disk.DiskWatch;
import dev.countersign.server.disk.FreeSpace;
import dev.countersign.server.disk.WatchedStore;
import dev.countersign.server.fleet.DeviceDirectory;
import dev.countersign.server.ledger.CertificateKind;
import dev.countersign.server.ledger.CertificateSearch;
import dev.countersign.server.ledger.CertificateState;
import dev.countersign.server.ledger.InMemoryCertificateLedger;
import dev.countersign.server.ledger.NewCertificate;
import dev.countersign.server.operators.InMemoryOperators;
import dev.countersign.server.operators.OperatorAccounts;
import dev.countersign.server.relay.AuthenticatedRelay;
import dev.countersign.server.relay.Diagnosis;
import dev.countersign.server.relay.Diagnosis.Finding;
import dev.countersign.server.relay.RelayMode;
import dev.countersign.server.relay.RelayNotes;
import dev.countersign.server.relay.TestRelays;
import dev.countersign.server.relay.health.InMemoryRelayFindings;
import dev.countersign.server.relay.health.RelayHealth;
import dev.countersign.server.timekeeping.ClockWatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What needs attention, and what does not")
final class AttentionTest {
  @TempDir private Path directory;
  private final TestHouse house;

  /** Without the operator of the house. */
  private final InMemoryCertificateLedger ledger = new InMemoryCertificateLedger();

  AttentionTest() throws Exception {
    house = new TestHouse();
  }

  private static List<String> codes(AttentionSource source) {
    return source.look().stream().map(Attention::code).toList();
  }

  private static DiskAttention disk(long freeBytes, Optional<String> failure) {
    var watch =
        new DiskWatch(
            new DiskLimits(1_000, 100, 100, 100),
            Map.of("data", Path.of("d")),
            List.of(new WatchedStore("registry", () -> failure, () -> {})),
            path -> new FreeSpace(freeBytes, 10_000));
    watch.check();
    return new DiskAttention(watch);
  }

  @Test
  @DisplayName("a disk that is low, or full, or cannot be written")
  void disk() {
    assertThat(codes(disk(5_000, Optional.empty()))).isEmpty();
    assertThat(codes(disk(500, Optional.empty()))).containsExactly("disk-low");
    assertThat(codes(disk(50, Optional.empty()))).containsExactly("disk-full");
    assertThat(codes(disk(5_000, Optional.of("no")))).containsExactly("store-failing");
  }

  @Test
  @DisplayName("an authority a year before its end")
  void authorities() {
    Instant end = house.root.certificate().getNotAfter().toInstant();
    var source =
        new ExpiryAttention(
            Map.of("root", house.root.certificate()), () -> Instant.MAX, search(), house.clock);
    assertThat(codes(source)).isEmpty();
    advanceTo(end.minus(Duration.ofDays(366)));
    assertThat(codes(source)).isEmpty();
    advanceTo(end.minus(Duration.ofDays(364)));
    assertThat(codes(source)).containsExactly("authority-ends");
  }

  @Test
  @DisplayName("a relay that changes, repeats or loses messages")
  void relays() {
    var relays = new TestRelays();
    var findings = new InMemoryRelayFindings(house.devices);
    var stores = new RelayHealth.Stores(relays.database, relays.relays, findings);
    var health = new RelayHealth(stores, relays.accounts, relays.clock, 100, 100);
    AuthenticatedRelay relay = relays.authenticated("alpha", relays.add("alpha", RelayMode.SIGNED));
    var source = new RelayAttention(health);
    assertThat(codes(source)).isEmpty();
    Instant now = relays.clock.instant();
    health.note(relay, Diagnosis.of(Finding.UNPROVEN), RelayNotes.NONE, now);
    assertThat(codes(source)).isEmpty();
    health.note(relay, Diagnosis.of(Finding.REPLAYED), RelayNotes.NONE, now);
    assertThat(codes(source)).containsExactly("relay-suspicious");
    relays.accounts.freeze("alpha", "", "operator:anna");
    assertThat(codes(source)).isEmpty();
  }

  @Test
  @DisplayName("the server's certificate, when its renewal is late")
  void server_certificate() {
    Instant end = house.clock.instant().plus(Duration.ofDays(30));
    var source = new ExpiryAttention(Map.of(), () -> end, search(), house.clock);
    assertThat(codes(source)).isEmpty();
    house.clock.advance(Duration.ofDays(16));
    assertThat(codes(source)).containsExactly("server-certificate-ends");
  }

  @Test
  @DisplayName("certificates in use that end soon; not those that were never used")
  void certificates() {
    var source = new ExpiryAttention(Map.of(), () -> Instant.MAX, search(), house.clock);
    long id = enter(CertificateKind.DEVICE, "SN-1", CertificateState.ISSUED);
    advanceTo(house.root.certificate().getNotAfter().toInstant().minus(Duration.ofDays(20)));
    assertThat(codes(source)).isEmpty();
    house.database.<Object, RuntimeException>write(tx -> {
      ledger.activate(tx, id);
      return id;
    });
    assertThat(codes(source)).containsExactly("certificates-end");
  }

  @Test
  @DisplayName("the day after which nobody could operate")
  void operators() {
    var operators = new InMemoryOperators();
    var accounts =
        new OperatorAccounts(
            house.database, operators, ledger, house.audit, house.root, house.clock);
    var source = new OperatorAttention(accounts, house.clock);
    assertThat(codes(source)).as("not even one").isEmpty();
    house.database.<Boolean, RuntimeException>write(
        tx -> operators.add(tx, "jane", house.clock.instant(), "init"));
    enter(CertificateKind.OPERATOR, "jane", CertificateState.ACTIVE);
    assertThat(codes(source)).isEmpty();
    Instant end = house.root.certificate().getNotAfter().toInstant();
    advanceTo(end.minus(Duration.ofDays(31)));
    assertThat(codes(source)).isEmpty();
    advanceTo(end.minus(Duration.ofDays(29)));
    assertThat(codes(source)).containsExactly("operators-end");
  }

  @Test
  @DisplayName("devices that stopped talking a week ago")
  void silence() throws Exception {
    var source =
        new SilenceAttention(
            new DeviceDirectory(
                house.database, house.devices, house.tokens, house.ledger, house.secrets),
            house.clock);
    house.enrol("SN-1", house.newKey());
    house.clock.advance(Duration.ofDays(7));
    assertThat(codes(source)).isEmpty();
    house.clock.advance(Duration.ofMinutes(1));
    assertThat(codes(source)).containsExactly("devices-silent");
    assertThat(source.look().getFirst().text()).startsWith("1 ");
  }

  @Test
  @DisplayName("a clock that is behind, or jumped")
  void clock() throws Exception {
    Path mark = directory.resolve("clock");
    Files.writeString(mark, house.clock.instant().plus(Duration.ofDays(1)).toString());
    var behind = new ClockAttention(new ClockWatch(mark, house.clock, () -> 0));
    assertThat(codes(behind)).containsExactly("clock-behind");

    house.clock.advance(Duration.ofDays(2));
    var good = new ClockWatch(mark, house.clock, () -> 0);
    assertThat(codes(new ClockAttention(good))).isEmpty();
    house.clock.advance(Duration.ofDays(2));
    good.check();
    assertThat(codes(new ClockAttention(good))).containsExactly("clock-jumped");
  }

  @Test
  @DisplayName("file descriptors that run out")
  void file_descriptors() {
    assertThat(codes(new ProcessAttention(() -> 799, () -> 1_000))).isEmpty();
    assertThat(codes(new ProcessAttention(() -> 800, () -> 1_000)))
        .containsExactly("file-descriptors");
    assertThat(codes(new ProcessAttention(() -> 800, () -> 0))).as("unknown").isEmpty();
    assertThat(codes(ProcessAttention.ofThisProcess())).isEmpty();
  }

  @Test
  @DisplayName("the root's key on the server, and the enterprise number of the example")
  void installation() throws Exception {
    Path key = directory.resolve("root.key");
    assertThat(codes(new InstallationAttention(key, 41_482))).isEmpty();
    assertThat(codes(new InstallationAttention(key, 32_473)))
        .containsExactly("example-enterprise-number");
    Files.createFile(key);
    assertThat(codes(new InstallationAttention(key, 41_482))).containsExactly("root-key-online");
  }

  @Test
  @DisplayName("what cannot be looked at hides nothing else")
  void survives_failing_sources() {
    AttentionSource broken =
        () -> {
          throw new DatabaseException("no");
        };
    AttentionSource good = () -> List.of(new Attention("a", "b", "c"));
    assertThat(codes(new AttentionList(List.of(broken, good)))).containsExactly("unknown", "a");
    assertThat(good.look().getFirst().line()).isEqualTo("b: c");
  }

  private CertificateSearch search() {
    return new CertificateSearch(house.database, ledger);
  }

  private void advanceTo(Instant at) {
    house.clock.advance(Duration.between(house.clock.instant(), at));
  }

  /** Enters a certificate that ends with the root. */
  private long enter(CertificateKind kind, String subject, CertificateState state) {
    return house.database.<Long, RuntimeException>write(tx ->
        ledger
            .add(
                tx,
                new NewCertificate(
                    kind, subject, house.root.certificate(), house.clock.instant(), "root"),
                state)
            .id());
  }
}
