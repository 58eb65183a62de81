// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.server.audit.AuditVerification.Broken;
import dev.countersign.server.audit.AuditVerification.Intact;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.SqlTransaction;
import dev.countersign.server.database.SqliteDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcAuditLogTest extends AuditLogContract {
  private static final String COLUMNS = "at, actor, type, subject, details, previous, hash";

  @TempDir private Path directory;

  @Override
  Database database() {
    return SqliteDatabase.open(directory.resolve("registry.db"));
  }

  @Override
  AuditLog log() {
    return new JdbcAuditLog();
  }

  private void writeFive() {
    for (int i = 1; i <= 5; i++) {
      append(new AuditEvent.DeviceRevoked(new DeviceSerial("SN-" + i), "lost"));
    }
    assertThat(verify()).isInstanceOf(Intact.class);
  }

  /** What somebody does who can write the database and thinks that nobody will notice. */
  private void tamper(String statement) {
    int rows =
        database.<Integer, RuntimeException>write(
            tx -> SqlTransaction.of(tx).query(statement).execute());
    assertThat(rows).as("rows that were tampered with").isPositive();
  }

  private void assertBroken(long number, String reason) {
    assertThat(verify())
        .isInstanceOfSatisfying(
            Broken.class,
            broken -> {
              assertThat(broken.number()).isEqualTo(number);
              assertThat(broken.reason()).contains(reason);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "at = at + 1",
        "actor = 'mallory'",
        "type = 'device-resumed'",
        "subject = 'SN-9'",
        "details = '{\"reason\":\"found\"}'",
        "details = '{}'",
        "details = '{\"reason\":\"lost\",\"more\":\"\"}'",
        "hash = zeroblob(32)",
      })
  @DisplayName("a changed entry shows, whatever was changed")
  void finds_changed_entry(String change) {
    writeFive();
    tamper("UPDATE audit_entry SET " + change + " WHERE number = 3");
    assertBroken(3, "was changed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"details = 'no JSON'", "hash = x'00'", "previous = x'00'"})
  @DisplayName("an entry that cannot be read shows")
  void finds_unreadable_entry(String change) {
    writeFive();
    tamper("UPDATE audit_entry SET " + change + " WHERE number = 3");
    assertBroken(3, "cannot be read");
  }

  @Test
  @DisplayName("an entry removed from the middle shows, and so does one from the beginning")
  void finds_removed_entry() {
    writeFive();
    tamper("DELETE FROM audit_entry WHERE number = 3");
    assertBroken(3, "missing");
    tamper("DELETE FROM audit_entry WHERE number = 1");
    assertBroken(1, "missing");
  }

  @Test
  @DisplayName("an entry removed shows even where the rest is numbered anew")
  void finds_renumbered_entries() {
    writeFive();
    tamper("DELETE FROM audit_entry WHERE number = 3");
    tamper("UPDATE audit_entry SET number = 3 WHERE number = 4");
    assertBroken(3, "does not follow");
  }

  @Test
  @DisplayName("a cut-off end shows, and still shows after the journal went on")
  void finds_cut_off_end() {
    writeFive();
    tamper("DELETE FROM audit_entry WHERE number >= 4");
    assertBroken(4, "went on to number 5");
    append(new AuditEvent.DevicesImported(1));
    assertBroken(4, "missing");
  }

  @Test
  @DisplayName("a journal that was emptied shows")
  void finds_emptied_journal() {
    writeFive();
    tamper("DELETE FROM audit_entry");
    assertBroken(1, "went on to number 5");
  }

  @Test
  @DisplayName("entries in another order show")
  void finds_swapped_entries() {
    writeFive();
    tamper("UPDATE audit_entry SET number = -2 WHERE number = 2");
    tamper("UPDATE audit_entry SET number = 2 WHERE number = 3");
    tamper("UPDATE audit_entry SET number = 3 WHERE number = -2");
    assertBroken(2, "does not follow");
  }

  @Test
  @DisplayName("contents in another order show")
  void finds_swapped_contents() {
    writeFive();
    tamper(
        "UPDATE audit_entry SET (%s) = (SELECT %s FROM audit_entry WHERE number = 2) WHERE number = 4"
            .formatted(COLUMNS, COLUMNS));
    assertBroken(4, "does not follow");
  }

  @Test
  @DisplayName("an added entry shows")
  void finds_added_entry() {
    writeFive();
    tamper(
        "INSERT INTO audit_entry (number, %s) SELECT 6, %s FROM audit_entry WHERE number = 5"
            .formatted(COLUMNS, COLUMNS));
    assertBroken(6, "does not follow");
  }

  @Test
  @DisplayName("a changed head shows, and a missing one")
  void finds_changed_head() {
    writeFive();
    tamper("UPDATE audit_head SET hash = zeroblob(32)");
    assertBroken(5, "is not the head");
    tamper("DELETE FROM audit_head");
    assertBroken(6, "head");
  }
}
