// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.keys.DeviceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Keys in memory. */
final class MemoryKeys implements DeviceKeys {
  final TreeMap<Integer, byte[]> stored = new TreeMap<>();

  MemoryKeys() {
    try (DeviceKey first = DeviceKey.ofSecret(ModelServer.SECRET)) {
      stored.put(1, first.bytes(SecretAccess.insecure()));
    }
  }

  @Override
  public List<GenerationKey> load() {
    var keys = new ArrayList<GenerationKey>();
    for (Map.Entry<Integer, byte[]> key : stored.entrySet()) {
      keys.add(new GenerationKey(key.getKey(), DeviceKey.wrap(key.getValue())));
    }
    return keys;
  }

  @Override
  public void follow(GenerationKey next) {
    stored.tailMap(stored.firstKey(), false).clear();
    stored.put(next.generation(), next.key().bytes(SecretAccess.insecure()));
  }

  @Override
  public void settle(int generation) {
    stored.headMap(generation).clear();
  }
}
