// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.server.database.Database;
import dev.countersign.server.database.InMemoryDatabase;
import dev.countersign.server.registry.Devices;
import dev.countersign.server.registry.InMemoryDevices;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Contexts in memory")
class InMemorySealedContextsTest extends SealedContextsContract {
  private final InMemoryDevices devices = new InMemoryDevices();

  @Override
  Database database() {
    return new InMemoryDatabase();
  }

  @Override
  Devices devices() {
    return devices;
  }

  @Override
  SealedContexts contexts() {
    return new InMemorySealedContexts();
  }
}
