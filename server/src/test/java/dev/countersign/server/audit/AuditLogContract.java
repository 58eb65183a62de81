// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.server.audit.AuditVerification.Intact;
import dev.countersign.server.database.Database;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link AuditLog} does. */
abstract class AuditLogContract {
  static final Instant NOW = Instant.parse("2026-11-21T20:30:00.123456789Z");
  private static final AuditEvent SUSPENDED =
      new AuditEvent.DeviceSuspended(new DeviceSerial("SN-1"), "größer \"than\"\nthat");
  private static final AuditEvent REMOVED = new AuditEvent.DeviceRemoved(new DeviceSerial("SN-1"));

  Database database;
  AuditLog log;

  abstract Database database();

  abstract AuditLog log();

  @BeforeEach
  void open() {
    database = database();
    log = log();
  }

  @AfterEach
  void close() {
    database.close();
  }

  AuditEntry append(AuditEvent event) {
    return database.<AuditEntry, RuntimeException>write(tx -> log.append(tx, NOW, "anna", event));
  }

  List<AuditEntry> list(long after, int limit) {
    return database.<List<AuditEntry>, RuntimeException>read(tx -> log.list(tx, after, limit));
  }

  AuditVerification verify() {
    return database.<AuditVerification, RuntimeException>read(log::verify);
  }

  @Test
  @DisplayName("an empty journal is intact, its head 32 zero bytes")
  void empty_is_intact() {
    assertThat(verify()).isEqualTo(new Intact(0, Sha256.wrap(new byte[32])));
  }

  @Test
  @DisplayName("tells when its last entry was made")
  void tells_when_last() {
    assertThat(database.<Optional<Instant>, RuntimeException>read(log::lastAt)).isEmpty();
    append(SUSPENDED);
    Instant last = append(REMOVED).at();
    assertThat(database.<Optional<Instant>, RuntimeException>read(log::lastAt)).contains(last);
  }

  @Test
  @DisplayName("entries are numbered from 1, carry what was told and the hash of the one before")
  void appends() {
    var first = append(SUSPENDED);
    var second = append(REMOVED);
    assertThat(first.number()).isEqualTo(1);
    assertThat(first.at()).isEqualTo(Instant.parse("2026-11-21T20:30:00.123Z"));
    assertThat(first.actor()).isEqualTo("anna");
    assertThat(first.type()).isEqualTo("device-suspended");
    assertThat(first.subject()).isEqualTo("SN-1");
    assertThat(first.details()).isEqualTo(Map.of("reason", "größer \"than\"\nthat"));
    assertThat(second.number()).isEqualTo(2);
    assertThat(second.previous()).isEqualTo(first.hash());
    assertThat(list(0, 10)).containsExactly(first, second);
    assertThat(verify()).isEqualTo(new Intact(2, second.hash()));
  }

  @Test
  @DisplayName("every kind of event is written, read back and verified")
  void appends_every_event() {
    var serial = new DeviceSerial("SN-1");
    var hash = Sha256.of(new byte[] {1});
    var events =
        List.<AuditEvent>of(
            new AuditEvent.Initialized("Acme", hash),
            new AuditEvent.DeviceAdded(serial, Optional.empty()),
            new AuditEvent.DeviceAdded(serial, Optional.of("pump")),
            new AuditEvent.DevicesImported(10_000),
            new AuditEvent.TokenIssued(serial, NOW),
            new AuditEvent.TokenVoided(serial, "failures"),
            new AuditEvent.DeviceEnrolled(serial, hash),
            new AuditEvent.CertificateRenewed(serial, hash, true),
            new AuditEvent.EnrolmentAlarm(serial, "key of SN-2"),
            new AuditEvent.RetiredCertificateUsed(serial, hash),
            SUSPENDED,
            new AuditEvent.DeviceResumed(serial, "found"),
            new AuditEvent.DeviceRevoked(serial, "lost"),
            REMOVED,
            new AuditEvent.SettingsChanged(serial, 7, hash),
            new AuditEvent.OperatorAdded("berta"),
            new AuditEvent.OperatorRemoved("berta"),
            new AuditEvent.ServerCertificateRenewed(hash, NOW));
    events.forEach(this::append);
    assertThat(list(0, 100))
        .extracting(AuditEntry::type, AuditEntry::subject, AuditEntry::details)
        .containsExactlyElementsOf(
            events.stream().map(e -> tuple(e.type(), e.subject(), e.details())).toList());
    assertThat(verify()).isInstanceOf(Intact.class);
  }

  @Test
  @DisplayName("the list goes on where it ended")
  void lists_by_page() {
    for (int i = 0; i < 5; i++) {
      append(REMOVED);
    }
    assertThat(list(2, 2)).extracting(AuditEntry::number).containsExactly(3L, 4L);
    assertThat(list(5, 2)).isEmpty();
  }

  @Test
  @DisplayName("what is undone leaves no entry and no gap")
  void undone_work_leaves_no_entry() {
    append(REMOVED);
    assertThatThrownBy(() ->
            database.write(tx -> {
              log.append(tx, NOW, "anna", SUSPENDED);
              log.append(tx, NOW, "anna", SUSPENDED);
              throw new IOException("no");
            }))
        .isInstanceOf(IOException.class);
    assertThat(append(REMOVED).number()).isEqualTo(2);
    assertThat(verify()).isInstanceOf(Intact.class);
  }
}
