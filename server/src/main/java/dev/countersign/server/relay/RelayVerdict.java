// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

/** Whether a delivery comes from the relay it names. */
public sealed interface RelayVerdict {
  /** It does. */
  record Admitted(AuthenticatedRelay relay) implements RelayVerdict {}

  /**
   * It does not, or is not let in. The peer gets one answer for all of these.
   *
   * @param why for the journal
   */
  record Refused(Refusal why) implements RelayVerdict {}

  /** Why, in the order in which it is looked at. */
  enum Refusal {
    /** No relay has this name. */
    UNKNOWN,
    /** The header field of the account's mode is missing, or has not its form. */
    NOT_SIGNED,
    /** Signed with another secret, or not over this. */
    WRONG_SECRET,
    /** The account is frozen; the secret was right. */
    FROZEN,
    /** Rightly signed, too long ago or ahead of time. */
    STALE,
    /** Rightly signed, with the number of another delivery. */
    DELIVERY_REUSED
  }
}
