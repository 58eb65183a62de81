// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import dev.countersign.protocol.telemetry.Reading;
import java.util.List;
import java.util.Optional;

/**
 * The readings of one message: stored together or not at all.
 *
 * @param epoch the device's enrolment epoch; sequence numbers begin anew with each
 * @param readings may be none, then only the claim counts
 * @param claim if the message had a sequence number
 */
public record ReadingBatch(
    long deviceId,
    int epoch,
    List<Reading> readings,
    Provenance provenance,
    Optional<SequenceClaim> claim) {
  public ReadingBatch {
    readings = List.copyOf(readings);
  }
}
