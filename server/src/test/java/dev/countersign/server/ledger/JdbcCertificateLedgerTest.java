// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.ledger;

import dev.countersign.server.database.Database;
import dev.countersign.server.database.SqliteDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class JdbcCertificateLedgerTest extends CertificateLedgerContract {
  @TempDir private Path directory;

  @Override
  Database database() {
    return SqliteDatabase.open(directory.resolve("registry.db"));
  }

  @Override
  CertificateLedger ledger() {
    return new JdbcCertificateLedger();
  }
}
