// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.ledger;

import dev.countersign.server.database.Database;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks certificates up, for people. */
public final class CertificateSearch {
  private final Database database;
  private final CertificateLedger ledger;

  public CertificateSearch(Database database, CertificateLedger ledger) {
    this.database = database;
    this.ledger = ledger;
  }

  public List<IssuedCertificate> search(CertificateQuery query) {
    return database.read(tx -> ledger.search(tx, query));
  }

  public Optional<IssuedCertificate> find(long id) {
    return database.read(tx -> ledger.find(tx, id));
  }

  public Map<CertificateState, Long> count() {
    return database.read(ledger::count);
  }
}
