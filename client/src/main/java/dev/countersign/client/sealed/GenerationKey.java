// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import dev.countersign.protocol.keys.DeviceKey;

/**
 * A device's key, and which one in a row it is. Closed by who got it.
 *
 * @param generation 1 to 255; rises with each rekey
 */
public record GenerationKey(int generation, DeviceKey key) implements AutoCloseable {
  @Override
  public void close() {
    key.close();
  }
}
