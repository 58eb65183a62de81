// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.server.database.Database;
import dev.countersign.server.database.SqliteDatabase;
import dev.countersign.server.registry.Devices;
import dev.countersign.server.registry.JdbcDevices;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Contexts in SQLite")
class JdbcSealedContextsTest extends SealedContextsContract {
  @TempDir private Path directory;
  private @Nullable SqliteDatabase open;

  @Override
  Database database() throws Exception {
    open = SqliteDatabase.open(directory.resolve("registry.db"));
    return open;
  }

  @AfterEach
  void closeDatabase() {
    Objects.requireNonNull(open).close();
  }

  @Override
  Devices devices() {
    return new JdbcDevices();
  }

  @Override
  SealedContexts contexts() {
    return new JdbcSealedContexts();
  }
}
