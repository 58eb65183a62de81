// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Sealed requests in RocksDB")
class RocksSealedCommitTest extends SealedCommitContract {
  @TempDir private Path directory;

  @Override
  ReadingStore open() {
    return RocksReadingStore.open(directory, RocksLimits.DEFAULT);
  }

  @Test
  @DisplayName("numbers and answers are there after the store was opened anew")
  void survives() {
    for (long i = 1; i <= 200; i++) {
      store.commit(exchange(i, "n" + i, Optional.empty())).join();
    }
    store.close();
    store = open();
    assertThat(text(store.commit(exchange(200, "n200", Optional.empty())).join()))
        .isEqualTo("again answer to n200");
    assertThat(store.commit(exchange(137, "other", Optional.empty())).join())
        .isEqualTo(new SealedOutcome.Replayed(false));
    assertThat(store.commit(exchange(136, "n136", Optional.empty())).join())
        .isEqualTo(new SealedOutcome.BelowWindow());
    assertThat(store.look(1, SERIES, claim(201, "x"), AT, true).join())
        .isEqualTo(new SealedOutcome.Free(200));
  }
}
