// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.audit;

import dev.countersign.server.database.Database;
import java.util.List;

/** Reads the audit log, for people. */
public final class AuditTrail {
  private final Database database;
  private final AuditLog log;

  public AuditTrail(Database database, AuditLog log) {
    this.database = database;
    this.log = log;
  }

  /** Entries with a number above {@code after}, in order. */
  public List<AuditEntry> list(long after, int limit) {
    return database.read(tx -> log.list(tx, after, limit));
  }

  /** Follows the chain from the first entry to the last. */
  public AuditVerification verify() {
    return database.read(log::verify);
  }
}
