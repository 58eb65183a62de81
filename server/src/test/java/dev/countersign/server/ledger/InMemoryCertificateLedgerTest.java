// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.ledger;

import dev.countersign.server.database.Database;
import dev.countersign.server.database.InMemoryDatabase;

class InMemoryCertificateLedgerTest extends CertificateLedgerContract {
  @Override
  Database database() {
    return new InMemoryDatabase();
  }

  @Override
  CertificateLedger ledger() {
    return new InMemoryCertificateLedger();
  }
}
