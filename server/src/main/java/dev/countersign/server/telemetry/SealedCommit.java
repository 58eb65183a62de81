// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import java.util.Optional;

/**
 * What a sealed request comes to: its number is claimed, its readings are stored and its answer is
 * kept, all or nothing.
 *
 * @param series the series of numbers that its security context has; below 0
 * @param claim the request's number, counted from 1, and a hash of its bytes
 * @param atMillis when it came, since 1970: for how long its answer is repeated counts from here
 * @param expectsWindow whether numbers of this series were claimed before: if none is found, they
 *     were lost
 * @param closesBelow whether all lower numbers count as used from now on, since it is not known
 *     which were
 * @param answer sealed
 * @param readings stored with it, perhaps under a number of their own
 * @param answerIfRefused sealed; in place of the other if the readings' own number was used for
 *     others
 */
@SuppressWarnings("ArrayRecordComponent") // made for one commit, never compared
public record SealedCommit(
    long deviceId,
    int series,
    SequenceClaim claim,
    long atMillis,
    boolean expectsWindow,
    boolean closesBelow,
    byte[] answer,
    Optional<ReadingBatch> readings,
    byte[] answerIfRefused) {
  public SealedCommit {
    if (series >= 0) {
      throw new IllegalArgumentException("series: expected a number below 0, got " + series);
    }
  }
}
