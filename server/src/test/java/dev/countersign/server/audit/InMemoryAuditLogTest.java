// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.audit;

import dev.countersign.server.database.Database;
import dev.countersign.server.database.InMemoryDatabase;

class InMemoryAuditLogTest extends AuditLogContract {
  @Override
  Database database() {
    return new InMemoryDatabase();
  }

  @Override
  AuditLog log() {
    return new InMemoryAuditLog();
  }
}
