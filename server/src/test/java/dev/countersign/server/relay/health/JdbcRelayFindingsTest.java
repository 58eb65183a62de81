// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.health;

import dev.countersign.server.database.Database;
import dev.countersign.server.database.SqliteDatabase;
import dev.countersign.server.registry.Devices;
import dev.countersign.server.registry.JdbcDevices;
import dev.countersign.server.relay.JdbcRelays;
import dev.countersign.server.relay.Relays;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class JdbcRelayFindingsTest extends RelayFindingsContract {
  @TempDir private Path directory;

  @Override
  Database database() {
    return SqliteDatabase.open(directory.resolve("registry.db"));
  }

  @Override
  Devices devices() {
    return new JdbcDevices();
  }

  @Override
  Relays relays() {
    return new JdbcRelays();
  }

  @Override
  RelayFindings findings() {
    return new JdbcRelayFindings();
  }
}
