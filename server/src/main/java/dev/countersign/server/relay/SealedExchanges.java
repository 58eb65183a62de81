// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Opens sealed messages, does what they ask and seals the answers. Thread-safe.
 *
 * <p>Called on a virtual thread and may block. What fails for lack of storage completes with the
 * exception of the storage, which is answered as an overload.
 */
@FunctionalInterface
public interface SealedExchanges {
  /** Answers one message; completes once the effect is durable. Notes refusals in the journal. */
  CompletionStage<SealedReply> exchange(SealedArrival arrival);

  /**
   * The same on an event loop, without waiting for anything, if all that it takes is in memory.
   *
   * @return empty if nothing was done, and {@link #exchange} is to be asked
   */
  default Optional<CompletionStage<SealedReply>> exchangeAtOnce(SealedArrival arrival) {
    return Optional.empty();
  }
}
