// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import dev.countersign.server.database.Database;
import dev.countersign.server.database.InMemoryDatabase;
import dev.countersign.server.database.Transaction;
import dev.countersign.server.registry.Devices;
import dev.countersign.server.registry.InMemoryDevices;

class InMemoryDeviceSecretsTest extends DeviceSecretsContract {
  private final InMemoryDevices devices = new InMemoryDevices();
  private final InMemoryDeviceSecrets secrets = new InMemoryDeviceSecrets(devices);

  @Override
  Database database() {
    return new InMemoryDatabase();
  }

  @Override
  Devices devices() {
    return devices;
  }

  @Override
  DeviceSecrets secrets() {
    return secrets;
  }

  @Override
  void removeDevice(Transaction tx, long id) {
    devices.remove(tx, id);
    secrets.removeAll(tx, id);
  }
}
