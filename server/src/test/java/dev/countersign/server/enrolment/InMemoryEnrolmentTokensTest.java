// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.enrolment;

import dev.countersign.server.database.Database;
import dev.countersign.server.database.InMemoryDatabase;
import dev.countersign.server.database.Transaction;

class InMemoryEnrolmentTokensTest extends EnrolmentTokensContract {
  private final InMemoryEnrolmentTokens tokens = new InMemoryEnrolmentTokens();

  @Override
  Database database() {
    return new InMemoryDatabase();
  }

  @Override
  EnrolmentTokens tokens() {
    return tokens;
  }

  @Override
  long addDevice(Transaction tx) {
    return 1;
  }

  @Override
  void removeDevice(Transaction tx, long id) {
    tokens.remove(tx, id);
  }

  @Override
  long addCertificate(Transaction tx) {
    return 1;
  }
}
