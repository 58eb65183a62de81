// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import java.io.IOException;
import java.util.List;

/**
 * Where a device keeps its key: a file, a secure element, where the maker's production put it. Each
 * change is durable when it returns, and happened whole or not at all.
 */
public interface DeviceKeys {
  /**
   * The key; and behind it the one that follows, while the server has not proved that it has that
   * too. The caller closes them.
   */
  List<GenerationKey> load() throws IOException;

  /** Keeps the next key beside the one that counts, in place of another next one. */
  void follow(GenerationKey next) throws IOException;

  /** The server has used the key of this generation: the one before is erased. */
  void settle(int generation) throws IOException;
}
