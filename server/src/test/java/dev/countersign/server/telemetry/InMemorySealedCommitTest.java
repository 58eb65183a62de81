// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import org.junit.jupiter.api.DisplayName;

@DisplayName("Sealed requests in memory")
class InMemorySealedCommitTest extends SealedCommitContract {
  @Override
  ReadingStore open() {
    return new InMemoryReadingStore();
  }
}
