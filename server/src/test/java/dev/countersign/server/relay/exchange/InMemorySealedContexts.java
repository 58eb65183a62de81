// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.protocol.keys.KeyId;
import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The contexts in a list. */
public final class InMemorySealedContexts implements SealedContexts {
  private final List<SealedContext> contexts = new ArrayList<>();

  @Override
  public synchronized List<SealedContext> ofDevice(Transaction tx, long deviceId) {
    return contexts.stream().filter(c -> c.deviceId() == deviceId).toList();
  }

  @Override
  public synchronized void put(Transaction tx, SealedContext context, Instant at) {
    contexts.removeIf(c ->
        c.deviceId() == context.deviceId()
            && c.generation() == context.generation()
            && c.level() == context.level());
    contexts.add(context);
  }

  /** The key ids of removed devices. */
  final Set<KeyId> used = new HashSet<>();

  @Override
  public synchronized boolean wasUsed(Transaction tx, KeyId keyId) {
    return used.contains(keyId);
  }

  @Override
  public synchronized void removeBefore(Transaction tx, long deviceId, int generation) {
    contexts.removeIf(c -> c.deviceId() == deviceId && c.generation() < generation);
  }

  @Override
  public synchronized int requireResync(Transaction tx, long deviceId) {
    return require(c -> c.deviceId() == deviceId);
  }

  @Override
  public synchronized int requireResync(Transaction tx) {
    return require(_ -> true);
  }

  private int require(Predicate<SealedContext> which) {
    int count = 0;
    for (int i = 0; i < contexts.size(); i++) {
      SealedContext c = contexts.get(i);
      if (which.test(c)) {
        contexts.set(
            i,
            new SealedContext(
                c.deviceId(),
                c.generation(),
                c.level(),
                c.series(),
                c.idContext().orElse(null),
                c.isEstablished(),
                true));
        count++;
      }
    }
    return count;
  }
}
