// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.settings;

import dev.countersign.server.database.Database;
import dev.countersign.server.database.InMemoryDatabase;
import dev.countersign.server.database.Transaction;

class InMemorySettingsHistoryTest extends SettingsHistoryContract {
  private final InMemorySettingsHistory history = new InMemorySettingsHistory();

  @Override
  Database database() {
    return new InMemoryDatabase();
  }

  @Override
  SettingsHistory history() {
    return history;
  }

  @Override
  long addDevice(Transaction tx) {
    return 1;
  }

  @Override
  void removeDevice(Transaction tx, long id) {
    history.remove(tx, id);
  }
}
