// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Numbers of every generation in memory, and how often they were written. */
final class MemoryNumbers implements SealedDevice.NumbersOf {
  final Map<Integer, Numbers> stored = new HashMap<>();
  int writes;
  boolean full;

  Numbers of(int generation) {
    return Optional.ofNullable(stored.get(generation)).orElseThrow();
  }

  @Override
  public NumbersStorage generation(int generation) {
    return new NumbersStorage() {
      @Override
      public Optional<Numbers> load() {
        return Optional.ofNullable(stored.get(generation));
      }

      @Override
      public void store(Numbers numbers) throws IOException {
        if (full) {
          throw new IOException("no space left on device");
        }
        writes++;
        stored.put(generation, numbers);
      }
    };
  }
}
