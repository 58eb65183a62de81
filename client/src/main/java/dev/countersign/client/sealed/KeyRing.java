// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The key that counts and, while a rekey is not settled, the one that follows it. Begins with the
 * newest: if the server does not know it, the one before still counts. Not thread-safe.
 */
final class KeyRing implements AutoCloseable {
  private final DeviceKeys keys;
  private final Sealings sealings;
  private final List<Sealing> open = new ArrayList<>();
  private int current;

  /** Makes a sealing of a key, which it takes over. */
  interface Sealings {
    Sealing of(GenerationKey key) throws IOException;
  }

  KeyRing(DeviceKeys keys, Sealings sealings) throws IOException {
    this.keys = keys;
    this.sealings = sealings;
    load();
  }

  private void load() throws IOException {
    List<GenerationKey> stored = keys.load();
    for (GenerationKey key : stored) {
      open.add(sealings.of(key));
    }
    current = open.size() - 1;
  }

  Sealing current() {
    return open.get(current);
  }

  /** Somebody says that the server does not know the key: the other one, if there is one. */
  void turn() {
    current = (current + 1) % open.size();
  }

  /** The server used the current key: what came before it is over. */
  void proven() throws IOException {
    if (open.size() > 1 && current == open.size() - 1) {
      keys.settle(current().generation());
      for (Sealing old : open.subList(0, current)) {
        old.close();
      }
      open.subList(0, current).clear();
      current = 0;
    }
  }

  /** A key that follows is there, durable before the server hears of it. */
  void follow(GenerationKey next) throws IOException {
    keys.follow(next);
    open.forEach(Sealing::close);
    open.clear();
    load();
    current = 0; // until the server has it, nothing is sealed under it
  }

  /** The server has the key that follows. */
  void useNewest() {
    current = open.size() - 1;
  }

  /** The key that counts, as stored; the caller closes it. */
  GenerationKey currentKey() throws IOException {
    int generation = current().generation();
    @Nullable GenerationKey found = null;
    for (GenerationKey key : keys.load()) {
      if (key.generation() == generation) {
        found = key;
      } else {
        key.close();
      }
    }
    if (found == null) {
      throw new IOException("the stored keys of the device were changed by somebody else");
    }
    return found;
  }

  @Override
  public void close() {
    open.forEach(Sealing::close);
  }
}
