// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.pairing;

/** What becomes of an attempt to pair. */
public sealed interface PairingDecision {
  /** The phone may confirm within a minute. */
  @SuppressWarnings("ArrayRecordComponent") // sent once, and gone
  record Granted(byte[] answer) implements PairingDecision {}

  /** Wrong, spent, expired or unknown: always the same towards the phone. */
  record Refused() implements PairingDecision {}

  /** Nobody has opened a window, and no invitation is out. */
  record Closed() implements PairingDecision {}

  /** Another phone is about to confirm. */
  record Busy() implements PairingDecision {}

  /** The list has as many phones as it may. */
  record Full() implements PairingDecision {}
}
