// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.audit;

import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The journal. Entries are appended in the transaction of what they tell of. */
public interface AuditLog {
  AuditEntry append(Transaction tx, Instant at, String actor, AuditEvent event);

  /** The entries that follow number {@code after}, in order. */
  List<AuditEntry> list(Transaction tx, long after, int limit);

  /** When the last entry was made. */
  Optional<Instant> lastAt(Transaction tx);

  /** Recomputes the whole chain. */
  AuditVerification verify(Transaction tx);
}
