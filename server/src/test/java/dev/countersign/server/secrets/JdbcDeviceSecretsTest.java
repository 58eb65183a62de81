// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import dev.countersign.server.database.Database;
import dev.countersign.server.database.SqliteDatabase;
import dev.countersign.server.database.Transaction;
import dev.countersign.server.registry.Devices;
import dev.countersign.server.registry.JdbcDevices;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class JdbcDeviceSecretsTest extends DeviceSecretsContract {
  private final JdbcDevices devices = new JdbcDevices();
  @TempDir private Path directory;

  @Override
  Database database() {
    return SqliteDatabase.open(directory.resolve("registry.db"));
  }

  @Override
  Devices devices() {
    return devices;
  }

  @Override
  DeviceSecrets secrets() {
    return new JdbcDeviceSecrets();
  }

  @Override
  void removeDevice(Transaction tx, long id) {
    devices.remove(tx, id);
  }
}
