// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

class InMemoryReadingStoreTest extends ReadingStoreContract {
  @Override
  ReadingStore open() {
    return new InMemoryReadingStore();
  }
}
