// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.operators;

import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The operators in memory. */
public final class InMemoryOperators implements Operators {
  private final List<Operator> all = new ArrayList<>();

  @Override
  public boolean add(Transaction tx, String name, Instant at, String by) {
    if (find(tx, name).isPresent()) {
      return false;
    }
    all.add(new Operator(name, at.truncatedTo(ChronoUnit.MILLIS), by, Optional.empty()));
    tx.onRollback(all::removeLast);
    return true;
  }

  @Override
  public Optional<Operator> find(Transaction tx, String name) {
    return all.stream()
        .filter(operator -> operator.name().equals(name) && operator.removedAt().isEmpty())
        .findAny();
  }

  @Override
  public List<Operator> list(Transaction tx) {
    return List.copyOf(all);
  }

  @Override
  public boolean remove(Transaction tx, String name, Instant at) {
    var live = find(tx, name);
    live.ifPresent(operator -> {
      int place = all.indexOf(operator);
      var removedAt = Optional.of(at.truncatedTo(ChronoUnit.MILLIS));
      all.set(place, new Operator(name, operator.addedAt(), operator.addedBy(), removedAt));
      tx.onRollback(() -> all.set(place, operator));
    });
    return live.isPresent();
  }
}
