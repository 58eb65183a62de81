// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import dev.countersign.server.database.Database;
import dev.countersign.server.database.SqliteDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class JdbcRelaysTest extends RelaysContract {
  @TempDir private Path directory;

  @Override
  Database database() {
    return SqliteDatabase.open(directory.resolve("registry.db"));
  }

  @Override
  Relays relays() {
    return new JdbcRelays();
  }
}
