// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.journal;

import dev.countersign.server.database.Database;
import dev.countersign.server.database.InMemoryDatabase;
import dev.countersign.server.database.Transaction;

class InMemoryJournalStoreTest extends JournalStoreContract {
  private final InMemoryJournalStore journal = new InMemoryJournalStore();

  @Override
  Database database() {
    return new InMemoryDatabase();
  }

  @Override
  JournalStore journal() {
    return journal;
  }

  @Override
  long addDevice(Transaction tx) {
    return 1;
  }

  @Override
  void removeDevice(Transaction tx, long id) {
    journal.remove(tx, id);
  }
}
