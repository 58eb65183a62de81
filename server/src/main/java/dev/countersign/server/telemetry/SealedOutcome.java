// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

/** What became of a sealed request's number. */
public sealed interface SealedOutcome {
  /**
   * Claimed; this answer may leave.
   *
   * @param answer one of the two that were offered
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on at once
  record Committed(byte[] answer) implements SealedOutcome {}

  /**
   * The same bytes were answered not long ago.
   *
   * @param answer the bytes of then
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on at once
  record Duplicate(byte[] answer) implements SealedOutcome {}

  /**
   * The number was used.
   *
   * @param sameBytes whether for the same request, whose answer is no longer kept
   */
  record Replayed(boolean sameBytes) implements SealedOutcome {}

  /** The number is below the window: not known whether it was used. */
  record BelowWindow() implements SealedOutcome {}

  /** Numbers were claimed before and none is found. Nothing may be answered in this series. */
  record WindowLost() implements SealedOutcome {}

  /**
   * The number is free; only when it was but looked at.
   *
   * @param highest that was claimed, counted from 1; 0 for none
   */
  record Free(long highest) implements SealedOutcome {}
}
