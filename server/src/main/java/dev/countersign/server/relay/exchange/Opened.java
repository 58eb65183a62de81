// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.sealed.OpenedRequest;
import dev.countersign.server.credentials.Level;
import dev.countersign.server.secrets.SecretHolder;
import java.util.Optional;

/**
 * A request that opened: whose key it was, and under what. Holds keys until it is closed.
 *
 * @param context empty for the first message of a key, and for a step of a new agreement
 * @param keys to be closed once the answer is sealed
 */
record Opened(
    SecretHolder holder,
    OpenedRequest request,
    Optional<SealedContext> context,
    Step step,
    AutoCloseable keys)
    implements AutoCloseable {

  /** Where a device is in a new agreement (RFC 8613 appendix B.2). */
  sealed interface Step {
    /** Not in one. */
    record None() implements Step {}

    /** It lost its state. */
    @SuppressWarnings("ArrayRecordComponent") // handed on at once
    record Begin(byte[] r1) implements Step {}

    /** It took what it was offered. */
    @SuppressWarnings("ArrayRecordComponent") // handed on at once
    record Conclude(byte[] idContext) implements Step {}
  }

  static final Step NO_STEP = new Step.None();

  KeyId keyId() {
    return holder.keyId();
  }

  int level() {
    return request instanceof OpenedRequest.Mac ? Level.MAC : Level.SEALED;
  }

  @Override
  public void close() {
    try {
      keys.close();
    } catch (Exception e) {
      throw new AssertionError("overwriting keys does not fail", e);
    }
  }
}
