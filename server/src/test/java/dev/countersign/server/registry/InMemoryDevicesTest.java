// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.registry;

import dev.countersign.server.database.Database;
import dev.countersign.server.database.InMemoryDatabase;

class InMemoryDevicesTest extends DevicesContract {
  @Override
  Database database() {
    return new InMemoryDatabase();
  }

  @Override
  Devices devices() {
    return new InMemoryDevices();
  }
}
