// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

/** Wraps relays' secrets under a key that is not in the database. Thread-safe. */
public interface RelayWrapping {
  /** The secret, wrapped so that it opens for this relay alone. */
  byte[] wrap(String relay, RelaySecret secret);

  /**
   * The secret in what {@link #wrap} made; the caller closes it.
   *
   * @throws dev.countersign.server.database.DatabaseException if it was changed, wrapped for
   *     another relay, or under a key that is not here
   */
  RelaySecret unwrap(String relay, byte[] wrapped);

  /** Whether this is wrapped under the key that wraps now. */
  boolean isCurrent(byte[] wrapped);
}
