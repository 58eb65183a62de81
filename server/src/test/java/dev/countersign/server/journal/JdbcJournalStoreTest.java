// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.journal;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.SqliteDatabase;
import dev.countersign.server.database.Transaction;
import dev.countersign.server.registry.JdbcDevices;
import dev.countersign.server.registry.NewDevice;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

class JdbcJournalStoreTest extends JournalStoreContract {
  private final JdbcDevices devices = new JdbcDevices();
  @TempDir private Path directory;

  @Override
  Database database() {
    return SqliteDatabase.open(directory.resolve("registry.db"));
  }

  @Override
  JournalStore journal() {
    return new JdbcJournalStore();
  }

  @Override
  long addDevice(Transaction tx) {
    var device = new NewDevice(new DeviceSerial("SN-1"), Optional.empty(), true);
    return devices.add(tx, device, Instant.EPOCH).orElseThrow().id();
  }

  @Override
  void removeDevice(Transaction tx, long id) {
    devices.remove(tx, id);
  }
}
