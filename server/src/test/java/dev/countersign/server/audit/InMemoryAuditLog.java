// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.audit;

import dev.countersign.protocol.Sha256;
import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The journal in memory. */
public final class InMemoryAuditLog implements AuditLog {
  private final List<AuditEntry> entries = new ArrayList<>();

  @Override
  public AuditEntry append(Transaction tx, Instant at, String actor, AuditEvent event) {
    var entry = AuditChain.next(entries.size(), head(), at, actor, event);
    entries.add(entry);
    tx.onRollback(entries::removeLast);
    return entry;
  }

  private Sha256 head() {
    return entries.isEmpty() ? AuditChain.ORIGIN : entries.getLast().hash();
  }

  @Override
  public List<AuditEntry> list(Transaction tx, long after, int limit) {
    return entries.stream().filter(entry -> entry.number() > after).limit(limit).toList();
  }

  @Override
  public Optional<Instant> lastAt(Transaction tx) {
    return entries.isEmpty() ? Optional.empty() : Optional.of(entries.getLast().at());
  }

  @Override
  public AuditVerification verify(Transaction tx) {
    var chain = new AuditChain();
    for (var entry : entries) {
      Optional<String> problem = chain.follow(entry);
      if (problem.isPresent()) {
        return new AuditVerification.Broken(entry.number(), problem.get());
      }
    }
    return chain.end(entries.size(), head());
  }
}
