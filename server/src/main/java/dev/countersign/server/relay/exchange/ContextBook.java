// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.Transaction;
import dev.countersign.server.secrets.SecretHolder;
import dev.countersign.server.secrets.SharedSecrets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which context counts for whom, held in memory until it changes. Safe for many threads. */
public final class ContextBook {
  private final Database database;
  private final SealedContexts contexts;
  private final SharedSecrets secrets;
  private final Clock clock;
  private final SecureRandom random;
  private final Cache<Long, List<SealedContext>> cache;

  public ContextBook(
      Database database,
      SealedContexts contexts,
      SharedSecrets secrets,
      Clock clock,
      SecureRandom random,
      long maxDevices) {
    this.database = database;
    this.contexts = contexts;
    this.secrets = secrets;
    this.clock = clock;
    this.random = random;
    this.cache = Caffeine.newBuilder().maximumSize(maxDevices).build();
  }

  /** The one that counts; empty if the device never came with this key at this level. */
  Optional<SealedContext> current(SecretHolder holder, int level) {
    long deviceId = holder.device().id();
    return select(ofDevice(deviceId), holder, level);
  }

  /** The same if no database has to be asked for it; empty too if there is none. */
  Optional<SealedContext> currentAtHand(SecretHolder holder, int level) {
    List<SealedContext> known = cache.getIfPresent(holder.device().id());
    return known == null ? Optional.empty() : select(known, holder, level);
  }

  private static Optional<SealedContext> select(
      List<SealedContext> contexts, SecretHolder holder, int level) {
    for (SealedContext context : contexts) {
      if (context.generation() == holder.generation() && context.level() == level) {
        return Optional.of(context);
      }
    }
    return Optional.empty();
  }

  private List<SealedContext> ofDevice(long deviceId) {
    return cache.get(deviceId, id -> database.read(tx -> contexts.ofDevice(tx, id)));
  }

  /**
   * Makes the first context of a key, or a new one in place of it. The one before is refused from
   * then on.
   *
   * @param idContext what was agreed on; null for the first
   */
  SealedContext begin(SecretHolder holder, int level, byte @Nullable [] idContext) {
    int series = random.nextInt() | Integer.MIN_VALUE;
    return database.write(tx -> {
      // The same message may come twice at once. With a series for each, its number would be free
      // twice, and two answers under one number would leave.
      for (SealedContext there : contexts.ofDevice(tx, holder.device().id())) {
        if (there.generation() == holder.generation()
            && there.level() == level
            && (idContext == null || there.hasIdContext(idContext))) {
          return there;
        }
      }
      // What was sealed for a device of this key id, removed since, must not count once more.
      boolean usedBefore = idContext == null && contexts.wasUsed(tx, holder.keyId());
      var fresh =
          new SealedContext(
              holder.device().id(),
              holder.generation(),
              level,
              series,
              idContext,
              false,
              usedBefore);
      contexts.put(tx, fresh, clock.instant());
      changed(tx, fresh.deviceId());
      return fresh;
    });
  }

  /**
   * Notes that a number of it was claimed: from now on its window must be there, and keys of
   * earlier generations are erased, since the device has shown that it has this one.
   */
  void establish(SealedContext context) {
    database.<@Nullable Void, RuntimeException>write(tx -> {
      boolean counts =
          contexts.ofDevice(tx, context.deviceId()).stream()
              .anyMatch(there -> there.series() == context.series());
      if (counts) {
        contexts.put(tx, context.asEstablished(), clock.instant());
        contexts.removeBefore(tx, context.deviceId(), context.generation());
        secrets.ofDevice(tx, context.deviceId()).stream()
            .filter(secret -> secret.generation() < context.generation())
            .forEach(old -> secrets.remove(tx, context.deviceId(), old.generation()));
        changed(tx, context.deviceId());
      }
      return null;
    });
  }

  /** From now on nothing but a new agreement is answered to this device. */
  void requireResync(long deviceId) {
    database.<Integer, RuntimeException>write(tx -> requireResync(tx, deviceId));
  }

  /** The same within a transaction; returns how many contexts that concerns. */
  int requireResync(Transaction tx, long deviceId) {
    int count = contexts.requireResync(tx, deviceId);
    changed(tx, deviceId);
    return count;
  }

  /** The same for all devices: after a restore, when numbers may be missing that were claimed. */
  int requireResyncOfAll(Transaction tx) {
    int count = contexts.requireResync(tx);
    tx.afterCommit(cache::invalidateAll);
    return count;
  }

  private void changed(Transaction tx, long deviceId) {
    tx.afterCommit(() -> cache.invalidate(deviceId));
  }
}
