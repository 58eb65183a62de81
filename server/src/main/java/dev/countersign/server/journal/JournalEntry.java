// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.journal;

import java.time.Instant;

/**
 * One line of the journal: the same attempt, once or many times.
 *
 * @param firstAt when it was first seen
 * @param lastAt when it was last seen
 * @param count how often
 */
public record JournalEntry(
    Instant firstAt, Instant lastAt, long count, Attempt attempt, Attribution attribution) {
  /** The reason's advice, with the device's serial in its commands. */
  public String advice() {
    return attempt
        .reason()
        .advice(attempt.claim().serial().map(serial -> serial.value()).orElse("SERIAL"));
  }
}
