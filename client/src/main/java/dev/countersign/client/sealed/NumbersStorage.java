// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import java.io.IOException;
import java.util.Optional;

/**
 * Where the sequence numbers of one key are kept. Replaced whole or not at all, also if the power
 * fails while they are written.
 */
public interface NumbersStorage {
  /**
   * What was stored last.
   *
   * @return empty if there is nothing, or if it is damaged: then numbers were lost, and the device
   *     asks the server for a new context
   * @throws IOException if that cannot be known now
   */
  Optional<Numbers> load() throws IOException;

  /** Durable when it returns. */
  void store(Numbers numbers) throws IOException;
}
