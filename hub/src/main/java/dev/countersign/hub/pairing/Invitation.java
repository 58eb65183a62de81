// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.pairing;

import dev.countersign.protocol.pairing.PairingSecret;
import java.time.Duration;

/** A code for one use that a phone shows to another: an invitation, or the hub's handing over. */
record Invitation(PairingSecret secret, Terms terms, long endNanos) {
  /** docs/protocol.md, Pairing. */
  static final Duration LENGTH = Duration.ofMinutes(10);

  boolean isOver(long nowNanos) {
    return nowNanos - endNanos >= 0;
  }
}
