// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import dev.countersign.server.database.Database;
import dev.countersign.server.database.InMemoryDatabase;

class InMemoryRelaysTest extends RelaysContract {
  @Override
  Database database() {
    return new InMemoryDatabase();
  }

  @Override
  Relays relays() {
    return new InMemoryRelays();
  }
}
