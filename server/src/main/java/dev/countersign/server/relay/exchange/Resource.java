// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.server.credentials.CredentialRefusedException;

/** Something that devices can ask for by a sealed message. Safe for many threads. */
interface Resource {
  /** Whether a request must show that it is not older than ten minutes. */
  boolean needsFreshness(int code);

  /**
   * Whether it changes something by itself, so that the request's number must be looked at before.
   * What it does twice for the same request must come to the same.
   */
  default boolean acts(int code) {
    return false;
  }

  /** Whether it answers from memory, and within microseconds what is small. */
  default boolean isQuick() {
    return false;
  }

  /** May block, unless it is quick. */
  Effect answer(Asked asked) throws ProtocolException, CredentialRefusedException;
}
