// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.pairing;

import dev.countersign.protocol.pairing.HubId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What a phone must not forget. For each hub at most one pairing that holds, and one that waits to
 * be confirmed. Everything is durable when a method returns, and done whole or not at all.
 */
public interface PhoneStorage {
  /** The hubs this phone is paired with, by id. */
  List<StoredHub> hubs() throws IOException;

  /** The pairings that wait to be confirmed. */
  List<StoredHub> pending() throws IOException;

  /** Keeps a pairing that waits to be confirmed, in place of another such one. */
  void begin(StoredHub pairing) throws IOException;

  /** Keeps a pairing that holds, in place of any earlier one; none waits any more. */
  void keep(StoredHub pairing) throws IOException;

  /** Forgets what waits to be confirmed. */
  void abandon(HubId hub) throws IOException;

  /** Forgets a hub, with what waits. */
  void remove(HubId hub) throws IOException;

  /** The keys, which live somewhere else. */
  PhoneKeys keys();

  default Optional<StoredHub> hub(HubId id) throws IOException {
    return hubs().stream().filter(hub -> hub.id().equals(id)).findFirst();
  }

  default Optional<StoredHub> pending(HubId id) throws IOException {
    return pending().stream().filter(hub -> hub.id().equals(id)).findFirst();
  }
}
