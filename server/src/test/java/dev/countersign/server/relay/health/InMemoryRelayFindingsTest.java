// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.health;

import dev.countersign.server.database.Database;
import dev.countersign.server.database.InMemoryDatabase;
import dev.countersign.server.registry.Devices;
import dev.countersign.server.registry.InMemoryDevices;
import dev.countersign.server.relay.InMemoryRelays;
import dev.countersign.server.relay.Relays;

class InMemoryRelayFindingsTest extends RelayFindingsContract {
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
  Relays relays() {
    return new InMemoryRelays();
  }

  @Override
  RelayFindings findings() {
    return new InMemoryRelayFindings(devices);
  }
}
