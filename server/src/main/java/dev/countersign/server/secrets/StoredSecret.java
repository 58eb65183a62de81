// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.keys.SealedAlgorithm;
import java.time.Instant;

/**
 * One generation of a device's key, as the registry has it.
 *
 * @param generation 1 to 255
 * @param kind what it was given for
 * @param algorithm of its sealed messages; provisioned, never negotiated
 * @param exposed whether somebody else may know it
 * @param unhealed whether it came from its predecessor without a key exchange, so that who knows
 *     that and recorded the change knows this one too
 */
public record StoredSecret(
    long deviceId,
    int generation,
    KeyId keyId,
    SecretKind kind,
    SealedAlgorithm algorithm,
    WrappedKey wrapped,
    Instant createdAt,
    boolean exposed,
    boolean unhealed) {
  public StoredSecret {
    if (generation < 1 || generation > 255) {
      throw new IllegalArgumentException("expected a generation of 1 to 255, got " + generation);
    }
  }

  /** The same under another key-encryption key. */
  StoredSecret with(WrappedKey other) {
    return new StoredSecret(
        deviceId, generation, keyId, kind, algorithm, other, createdAt, exposed, unhealed);
  }
}
