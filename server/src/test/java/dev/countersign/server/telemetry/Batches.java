// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.telemetry.Reading;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Messages to store. */
final class Batches {
  static final Instant NOW = Instant.parse("2026-11-21T20:30:00Z");

  private Batches() {}

  static Reading reading(double value) {
    return new Reading("temperature", new Scalar.Numeric(value), null);
  }

  /** A message without a sequence number. */
  static ReadingBatch plain(long deviceId, Instant at, double... values) {
    return new ReadingBatch(
        deviceId, 1, readings(values), provenance(at, OptionalLong.empty()), Optional.empty());
  }

  /** A message with one; the values are its body. */
  static ReadingBatch claimed(long deviceId, int epoch, long sequence, double... values) {
    var body = Sha256.of(List.of(readings(values)).toString().getBytes(UTF_8));
    return new ReadingBatch(
        deviceId,
        epoch,
        readings(values),
        provenance(NOW, OptionalLong.of(sequence)),
        Optional.of(new SequenceClaim(sequence, body)));
  }

  static Provenance provenance(Instant at, OptionalLong sequence) {
    return new Provenance("ab12", 4, "https", at, sequence);
  }

  private static List<Reading> readings(double... values) {
    return Arrays.stream(values).mapToObj(Batches::reading).toList();
  }

  static List<Double> numbers(List<StoredReading> stored) {
    return stored.stream()
        .map(one -> one.reading().value() instanceof Scalar.Numeric(double v) ? v : Double.NaN)
        .toList();
  }
}
