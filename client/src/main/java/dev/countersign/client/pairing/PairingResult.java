// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.pairing;

import dev.countersign.protocol.pairing.PairingCode;
import java.util.Optional;

/**
 * How a pairing ended, as far as a person can do something about it. What only a wrong or hostile
 * hub causes is an exception.
 */
public sealed interface PairingResult {
  /**
   * The phone is on the hub's list.
   *
   * @param recoveryCard for an owner, to be printed and put away: it pairs an owner when all phones
   *     are lost. The phone does not keep it. Empty for others, and if the hub could not make it;
   *     an owner can ask for another at any time
   */
  record Paired(StoredHub hub, Optional<PairingCode> recoveryCard) implements PairingResult {}

  /** The code is spent, expired, mistyped or of somebody else's; the hub says no more. */
  record Refused() implements PairingResult {}

  /** The hub takes no phones at the moment: somebody has to press its button. */
  record Closed() implements PairingResult {}

  /** Another phone is pairing; a minute at most. */
  record Busy() implements PairingResult {}

  /** The hub's list is full: a phone has to be removed first. */
  record Full() implements PairingResult {}

  /** The hub gave up waiting for the confirmation, or was started anew: pair again. */
  record Lapsed() implements PairingResult {}
}
