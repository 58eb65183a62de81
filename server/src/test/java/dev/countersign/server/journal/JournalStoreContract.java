// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link JournalStore} does. */
abstract class JournalStoreContract {
  private static final Instant NOW = Instant.parse("2026-11-21T20:30:00.5Z");

  private Database database;
  private JournalStore journal;
  private long device;

  abstract Database database();

  abstract JournalStore journal();

  abstract long addDevice(Transaction tx);

  /** Removes it with all that hangs on it. */
  abstract void removeDevice(Transaction tx, long id);

  @BeforeEach
  void open() {
    database = database();
    journal = journal();
    device = database.<Long, RuntimeException>write(this::addDevice);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private interface Change {
    void in(Transaction tx);
  }

  private void write(Change change) {
    database.<Boolean, RuntimeException>write(tx -> {
      change.in(tx);
      return true;
    });
  }

  private static Attempt attempt(String detail, boolean isProven) {
    return new Attempt(
        "device-https",
        "192.0.2.1",
        Reason.CERTIFICATE_EXPIRED,
        detail,
        new Claim(
            Optional.of(new DeviceSerial("SN-1")),
            Optional.of(Sha256.of(new byte[] {1})),
            isProven,
            false));
  }

  private static JournalEntry entry(Attribution attribution, String detail, Instant at) {
    return new JournalEntry(
        at, at, 1, attempt(detail, attribution == Attribution.PROVEN), attribution);
  }

  private void add(Attribution attribution, String detail, Instant at) {
    write(tx ->
        journal.add(
            tx,
            attribution == Attribution.UNATTRIBUTED
                ? OptionalLong.empty()
                : OptionalLong.of(device),
            entry(attribution, detail, at)));
  }

  private List<JournalEntry> ofDevice() {
    return database.<List<JournalEntry>, RuntimeException>read(
        tx -> journal.ofDevice(tx, device, 100));
  }

  private List<JournalEntry> unattributed() {
    return database.<List<JournalEntry>, RuntimeException>read(tx -> journal.unattributed(tx, 100));
  }

  @Test
  @DisplayName("an entry comes back as it was written, the newest first")
  void keeps_entries() {
    add(Attribution.PROVEN, "first", NOW);
    add(Attribution.CLAIMED, "second", NOW.plusSeconds(1));
    add(Attribution.UNATTRIBUTED, "third", NOW);

    assertThat(ofDevice())
        .containsExactly(
            entry(Attribution.CLAIMED, "second", NOW.plusSeconds(1)),
            entry(Attribution.PROVEN, "first", NOW));
    assertThat(unattributed()).containsExactly(entry(Attribution.UNATTRIBUTED, "third", NOW));
  }

  @Test
  @DisplayName("an entry without name or certificate is kept as such")
  void keeps_what_is_unknown() {
    var attempt = new Attempt("plain-http", "2001:db8::1", Reason.NOT_TLS, "", Claim.NONE);
    var entry = new JournalEntry(NOW, NOW, 3, attempt, Attribution.UNATTRIBUTED);
    write(tx -> journal.add(tx, OptionalLong.empty(), entry));
    assertThat(unattributed()).containsExactly(entry);

    write(tx -> journal.add(tx, OptionalLong.empty(), entry));
    assertThat(unattributed()).singleElement().extracting(JournalEntry::count).isEqualTo(6L);
  }

  @Test
  @DisplayName("the same attempt within an hour is one entry that counts")
  void merges() {
    add(Attribution.PROVEN, "same", NOW);
    Instant later = NOW.plus(JournalStore.MERGED_WITHIN);
    add(Attribution.PROVEN, "same", later);
    add(Attribution.CLAIMED, "same", later);
    add(Attribution.PROVEN, "same", later.plus(JournalStore.MERGED_WITHIN).plusMillis(1));

    assertThat(ofDevice()).hasSize(3);
    assertThat(ofDevice().getLast())
        .isEqualTo(new JournalEntry(NOW, later, 2, attempt("same", true), Attribution.PROVEN));
  }

  @Test
  @DisplayName("a device's room is bounded, and claims have a room of their own")
  void trims_devices() {
    add(Attribution.PROVEN, "genuine", NOW);
    for (int i = 1; i <= 5; i++) {
      add(Attribution.CLAIMED, "claim " + i, NOW.plusSeconds(i));
    }
    write(tx -> journal.trimDevice(tx, device, 2));

    assertThat(ofDevice())
        .extracting(entry -> entry.attempt().detail())
        .containsExactly("claim 5", "claim 4", "genuine");
  }

  @Test
  @DisplayName("of one kind, the oldest go first; the others stay")
  void trims_kinds() {
    add(Attribution.PROVEN, "genuine", NOW);
    for (int i = 1; i <= 3; i++) {
      add(Attribution.UNATTRIBUTED, "stranger " + i, NOW.plusSeconds(i));
    }
    write(tx -> journal.trim(tx, Attribution.UNATTRIBUTED, 1));

    assertThat(unattributed())
        .extracting(entry -> entry.attempt().detail())
        .containsExactly("stranger 3");
    assertThat(ofDevice()).hasSize(1);
  }

  @Test
  @DisplayName("what was last seen long ago is deleted")
  void ends() {
    add(Attribution.PROVEN, "old", NOW.minus(Duration.ofDays(2)));
    add(Attribution.PROVEN, "new", NOW);
    write(tx -> journal.deleteBefore(tx, NOW));

    assertThat(ofDevice()).extracting(entry -> entry.attempt().detail()).containsExactly("new");
  }

  @Test
  @DisplayName("entries go with their device")
  void goes_with_device() {
    add(Attribution.PROVEN, "x", NOW);
    write(tx -> removeDevice(tx, device));

    assertThat(ofDevice()).isEmpty();
  }
}
