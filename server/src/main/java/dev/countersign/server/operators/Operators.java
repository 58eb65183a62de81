// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.operators;

import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The operators, those removed included; a name may be used again after a removal. Instants are
 * kept to the millisecond.
 */
public interface Operators {
  /** Adds an operator; false if there is a live one of this name. */
  boolean add(Transaction tx, String name, Instant at, String by);

  /** The live operator of this name. */
  Optional<Operator> find(Transaction tx, String name);

  /** All there ever were, in the order in which they were added. */
  List<Operator> list(Transaction tx);

  /** Ends the live operator of this name; false if there is none. */
  boolean remove(Transaction tx, String name, Instant at);
}
