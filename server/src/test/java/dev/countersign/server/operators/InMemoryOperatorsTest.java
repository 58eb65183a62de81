// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.operators;

import dev.countersign.server.database.Database;
import dev.countersign.server.database.InMemoryDatabase;

class InMemoryOperatorsTest extends OperatorsContract {
  @Override
  Database database() {
    return new InMemoryDatabase();
  }

  @Override
  Operators operators() {
    return new InMemoryOperators();
  }
}
