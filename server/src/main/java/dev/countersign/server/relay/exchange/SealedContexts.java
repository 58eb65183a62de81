// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.protocol.keys.KeyId;
import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.util.List;

/** The contexts that count. They go with their device. */
public interface SealedContexts {
  /** All of a device. */
  List<SealedContext> ofDevice(Transaction tx, long deviceId);

  /** Puts one in the place of the one of its device, generation and level. */
  void put(Transaction tx, SealedContext context, Instant at);

  /** Whether a device with a key of this id sealed messages here and was removed. */
  boolean wasUsed(Transaction tx, KeyId keyId);

  /** Forgets those of earlier generations than this. */
  void removeBefore(Transaction tx, long deviceId, int generation);

  /** From now on nothing but a new agreement is answered to this device. */
  int requireResync(Transaction tx, long deviceId);

  /** The same for all devices; returns how many contexts that concerns. */
  int requireResync(Transaction tx);
}
