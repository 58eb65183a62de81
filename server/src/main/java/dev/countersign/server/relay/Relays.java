// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The accounts of relays. Instants are kept to the millisecond. */
public interface Relays {
  /** Adds an account; empty if there is one of this name. */
  Optional<RelayAccount> add(
      Transaction tx, NewRelay relay, RelayCredential credential, Instant at, String by);

  /** All of them, in the order in which they were added. */
  List<StoredRelay> list(Transaction tx);

  /** Freezes an account as of then, or lets it go on; false if there is none of this name. */
  boolean setFrozen(Transaction tx, String name, Optional<Instant> at);

  /** Notes the last delivery; never goes back. */
  void used(Transaction tx, long id, Instant at);

  /** Puts the same secret there under another wrapping. */
  void rewrap(Transaction tx, long id, RelayCredential.Wrapped credential);
}
