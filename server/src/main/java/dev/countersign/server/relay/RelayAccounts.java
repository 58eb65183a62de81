// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import dev.countersign.server.audit.AuditEvent;
import dev.countersign.server.audit.AuditLog;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.Transaction;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The relays that may deliver. All accounts are held in memory, with their secrets still wrapped,
 * so that a stranger's delivery costs no look into the database. Thread-safe; a change is in force
 * for every delivery from its commit on.
 */
public final class RelayAccounts {
  /** A relay is somebody's cloud; a fleet has a few. */
  public static final int MAX_RELAYS = 1000;

  private final Database database;
  private final Relays relays;
  private final AuditLog audit;
  private final RelayWrapping wrapping;
  private final Clock clock;
  private final SecureRandom random;
  private volatile Map<String, StoredRelay> byName;

  /** What came of an addition. */
  public sealed interface Addition {
    /**
     * There is one more.
     *
     * @param secret shown now and never again; the caller closes it
     */
    record Added(RelayAccount account, RelaySecret secret) implements Addition {}

    /** There is one of this name. */
    record Exists() implements Addition {}

    /** There are as many as there may be. */
    record TooMany() implements Addition {}
  }

  public RelayAccounts(
      Database database,
      Relays relays,
      AuditLog audit,
      RelayWrapping wrapping,
      Clock clock,
      SecureRandom random) {
    this.database = database;
    this.relays = relays;
    this.audit = audit;
    this.wrapping = wrapping;
    this.clock = clock;
    this.random = random;
    this.byName = database.read(tx -> index(relays.list(tx)));
  }

  /** Adds a relay with a new secret. */
  public Addition add(NewRelay relay, String actor) {
    RelaySecret secret = RelaySecret.generate(random);
    return database.write(tx -> {
      if (relays.list(tx).size() >= MAX_RELAYS) {
        return new Addition.TooMany();
      }
      // Within the transaction, so that no change of the wrapping key overlooks it.
      RelayCredential credential =
          switch (relay.mode()) {
            case SIGNED -> new RelayCredential.Wrapped(wrapping.wrap(relay.name(), secret));
            case STATIC -> new RelayCredential.Hashed(secret.hash());
          };
      Instant now = clock.instant();
      Optional<RelayAccount> added = relays.add(tx, relay, credential, now, actor);
      if (added.isEmpty()) {
        return new Addition.Exists();
      }
      audit.append(
          tx, now, actor, new AuditEvent.RelayAdded(relay.name(), relay.mode().wireName()));
      changed(tx);
      return new Addition.Added(added.get(), secret);
    });
  }

  /**
   * Wraps all secrets under the key that wraps now. To be called at the start, and between a change
   * of the key and the end of the old one.
   *
   * @return how many were wrapped under another
   */
  public int rewrap() {
    return database.write(tx -> {
      int rewrapped = 0;
      for (StoredRelay relay : relays.list(tx)) {
        if (relay.credential() instanceof RelayCredential.Wrapped old
            && !wrapping.isCurrent(old.bytes())) {
          String name = relay.account().name();
          try (RelaySecret secret = wrapping.unwrap(name, old.bytes())) {
            var fresh = new RelayCredential.Wrapped(wrapping.wrap(name, secret));
            relays.rewrap(tx, relay.account().id(), fresh);
          }
          rewrapped++;
        }
      }
      if (rewrapped > 0) {
        changed(tx);
      }
      return rewrapped;
    });
  }

  /** Every account, as of the last commit. */
  public List<RelayAccount> list() {
    return database.read(relays::list).stream().map(StoredRelay::account).toList();
  }

  /** The account of this name. */
  public Optional<RelayAccount> find(String name) {
    return list().stream().filter(account -> account.name().equals(name)).findAny();
  }

  Optional<StoredRelay> atHand(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Refuses all deliveries from now on; what has been delivered stays. */
  public Optional<RelayAccount> freeze(String name, String reason, String actor) {
    return setFrozen(name, true, new AuditEvent.RelayFrozen(name, reason), actor);
  }

  /** Lets a frozen relay deliver again. */
  public Optional<RelayAccount> unfreeze(String name, String reason, String actor) {
    return setFrozen(name, false, new AuditEvent.RelayUnfrozen(name, reason), actor);
  }

  private Optional<RelayAccount> setFrozen(
      String name, boolean frozen, AuditEvent event, String actor) {
    return database.write(tx -> {
      Optional<RelayAccount> before = find(tx, name);
      if (before.isEmpty() || before.get().isFrozen() == frozen) {
        return before;
      }
      Instant now = clock.instant();
      relays.setFrozen(tx, name, frozen ? Optional.of(now) : Optional.empty());
      audit.append(tx, now, actor, event);
      changed(tx);
      return find(tx, name);
    });
  }

  private Optional<RelayAccount> find(Transaction tx, String name) {
    return relays.list(tx).stream()
        .map(StoredRelay::account)
        .filter(account -> account.name().equals(name))
        .findAny();
  }

  /** Works are written one after the other, so that the last one's list is the newest. */
  private void changed(Transaction tx) {
    Map<String, StoredRelay> next = index(relays.list(tx));
    tx.afterCommit(() -> byName = next);
  }

  private static Map<String, StoredRelay> index(List<StoredRelay> all) {
    var index = new HashMap<String, StoredRelay>();
    all.forEach(relay -> index.put(relay.account().name(), relay));
    return Map.copyOf(index);
  }
}
