// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The accounts of relays in memory. */
public final class InMemoryRelays implements Relays {
  private final List<StoredRelay> all = new ArrayList<>();
  private long lastId;

  @Override
  public Optional<RelayAccount> add(
      Transaction tx, NewRelay relay, RelayCredential credential, Instant at, String by) {
    if (all.stream().anyMatch(one -> one.account().name().equals(relay.name()))) {
      return Optional.empty();
    }
    lastId++;
    var account =
        new RelayAccount(
            lastId,
            relay.name(),
            relay.mode(),
            relay.field(),
            relay.errorsAs200(),
            at.truncatedTo(ChronoUnit.MILLIS),
            by,
            Optional.empty(),
            Optional.empty());
    all.add(new StoredRelay(account, credential));
    tx.onRollback(all::removeLast);
    return Optional.of(account);
  }

  @Override
  public List<StoredRelay> list(Transaction tx) {
    return List.copyOf(all);
  }

  @Override
  public boolean setFrozen(Transaction tx, String name, Optional<Instant> at) {
    for (StoredRelay one : list(tx)) {
      RelayAccount a = one.account();
      if (a.name().equals(name)) {
        change(tx, a.id(), relay -> with(relay, at, a.lastUsed()));
        return true;
      }
    }
    return false;
  }

  @Override
  public void used(Transaction tx, long id, Instant at) {
    change(
        tx,
        id,
        relay -> {
          Optional<Instant> before = relay.account().lastUsed();
          return before.isPresent() && before.get().isAfter(at)
              ? relay
              : with(relay, relay.account().frozenAt(), Optional.of(at));
        });
  }

  @Override
  public void rewrap(Transaction tx, long id, RelayCredential.Wrapped credential) {
    change(tx, id, relay -> new StoredRelay(relay.account(), credential));
  }

  private static StoredRelay with(
      StoredRelay relay, Optional<Instant> frozenAt, Optional<Instant> lastUsed) {
    RelayAccount a = relay.account();
    return new StoredRelay(
        new RelayAccount(
            a.id(),
            a.name(),
            a.mode(),
            a.field(),
            a.errorsAs200(),
            a.createdAt(),
            a.createdBy(),
            frozenAt.map(at -> at.truncatedTo(ChronoUnit.MILLIS)),
            lastUsed.map(at -> at.truncatedTo(ChronoUnit.MILLIS))),
        relay.credential());
  }

  private void change(Transaction tx, long id, UnaryOperator<StoredRelay> change) {
    for (int i = 0; i < all.size(); i++) {
      StoredRelay before = all.get(i);
      if (before.account().id() == id) {
        int place = i;
        all.set(place, change.apply(before));
        tx.onRollback(() -> all.set(place, before));
      }
    }
  }
}
