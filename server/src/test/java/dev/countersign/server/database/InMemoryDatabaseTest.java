// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.database;

class InMemoryDatabaseTest extends DatabaseContract {
  @Override
  Database open() {
    return new InMemoryDatabase();
  }
}
