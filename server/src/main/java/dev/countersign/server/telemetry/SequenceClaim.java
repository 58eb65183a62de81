// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import dev.countersign.protocol.Sha256;

/**
 * A message's claim to its sequence number.
 *
 * @param bodyHash tells the same message sent again from another one under a used number
 */
public record SequenceClaim(long sequence, Sha256 bodyHash) {
  /** Of a number that counts as used, though it is not known for what. */
  static final Sha256 NO_BODY = Sha256.wrap(new byte[Sha256.BYTES]);

  public SequenceClaim {
    if (sequence < 1) {
      throw new IllegalArgumentException("sequence: expected at least 1, got " + sequence);
    }
  }
}
