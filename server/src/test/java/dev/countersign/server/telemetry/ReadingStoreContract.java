// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import static dev.countersign.server.telemetry.Batches.NOW;
import static dev.countersign.server.telemetry.Batches.claimed;
import static dev.countersign.server.telemetry.Batches.numbers;
import static dev.countersign.server.telemetry.Batches.plain;
import static dev.countersign.server.telemetry.Batches.provenance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.telemetry.Reading;
import dev.countersign.server.database.DatabaseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link ReadingStore} does. */
abstract class ReadingStoreContract {
  ReadingStore store;

  abstract ReadingStore open();

  @BeforeEach
  void openStore() {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  RecordOutcome record(ReadingBatch batch) {
    return store.record(batch).join();
  }

  @Test
  @DisplayName("the oldest reading is that of any device")
  void knows_the_oldest() {
    assertThat(store.oldest()).isEmpty();
    record(plain(1, NOW, 1));
    record(plain(7, NOW.minusSeconds(9), 1));
    record(plain(7, NOW, 1));
    assertThat(store.oldest()).contains(NOW.minusSeconds(9));
    store.deleteBefore(NOW);
    assertThat(store.oldest()).contains(NOW);
  }

  @Test
  @DisplayName("deleting and compacting gives room back")
  void gives_room_back() {
    var random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      record(plain(i % 7, NOW.plusSeconds(i), random.doubles(50).toArray()));
    }
    store.compact();
    long full = store.bytes();
    store.deleteBefore(NOW.plusSeconds(1_000));
    store.compact();
    assertThat(store.bytes()).isBetween(full / 3, full * 2 / 3);
    assertThat(store.between(1, NOW, NOW.plusSeconds(9_000), 100_000)).isNotEmpty();
  }

  @Test
  @DisplayName("a reading comes back as it was, with how it came")
  void keeps_every_kind_of_reading() {
    var measured = Instant.parse("1969-07-20T20:17:40.123456789Z");
    var readings =
        List.of(
            new Reading("n", new Scalar.Numeric(-0.1), measured),
            new Reading("t", new Scalar.Text("größe €"), null),
            new Reading("e", new Scalar.Text(""), Instant.MAX),
            new Reading("y", new Scalar.Flag(true), Instant.MIN),
            new Reading("x".repeat(64), new Scalar.Flag(false), null));
    var from = provenance(NOW, OptionalLong.of((1L << 53) - 1));
    record(new ReadingBatch(1, 1, readings, from, Optional.empty()));
    assertThat(store.between(1, NOW, NOW.plusMillis(1), 10))
        .containsExactlyElementsOf(
            readings.stream().map(reading -> new StoredReading(reading, from)).toList());
  }

  @Test
  @DisplayName("the latest are newest first, in the order of arrival within a millisecond")
  void lists_latest() {
    record(plain(1, NOW, 1, 2));
    record(plain(1, NOW, 3));
    record(plain(1, NOW.plusMillis(1), 4));
    record(plain(2, NOW, 9));
    assertThat(numbers(store.latest(1, 10))).containsExactly(4.0, 3.0, 2.0, 1.0);
    assertThat(numbers(store.latest(1, 2))).containsExactly(4.0, 3.0);
    assertThat(store.latest(3, 10)).isEmpty();
  }

  @Test
  @DisplayName("a span contains its beginning and not its end, oldest first")
  void lists_span() {
    for (int i = 0; i < 5; i++) {
      record(plain(1, NOW.plusSeconds(i), i));
    }
    record(plain(2, NOW.plusSeconds(2), 9));
    assertThat(numbers(store.between(1, NOW.plusSeconds(1), NOW.plusSeconds(3), 10)))
        .containsExactly(1.0, 2.0);
    assertThat(numbers(store.between(1, Instant.MIN, Instant.MAX, 3)))
        .containsExactly(0.0, 1.0, 2.0);
    assertThat(store.between(1, NOW.plusSeconds(3), NOW.plusSeconds(1), 10)).isEmpty();
  }

  @Test
  @DisplayName("the same message again is a duplicate and is not stored again")
  void recognizes_duplicate() {
    assertThat(record(claimed(1, 1, 5, 21.5))).isEqualTo(RecordOutcome.STORED);
    assertThat(record(claimed(1, 1, 5, 21.5))).isEqualTo(RecordOutcome.DUPLICATE);
    assertThat(numbers(store.latest(1, 10))).containsExactly(21.5);
  }

  @Test
  @DisplayName("another message under a used number is a conflict and is not stored")
  void recognizes_conflict() {
    record(claimed(1, 1, 5, 21.5));
    assertThat(record(claimed(1, 1, 5, 99))).isEqualTo(RecordOutcome.CONFLICT);
    assertThat(record(claimed(1, 1, 5, 21.5))).isEqualTo(RecordOutcome.DUPLICATE);
    assertThat(numbers(store.latest(1, 10))).containsExactly(21.5);
  }

  @Test
  @DisplayName("numbers may come in any order within the window, each once")
  void takes_window_in_any_order() {
    assertThat(record(claimed(1, 1, 100, 1))).isEqualTo(RecordOutcome.STORED);
    assertThat(record(claimed(1, 1, 37, 2)))
        .as("the last one within")
        .isEqualTo(RecordOutcome.STORED);
    assertThat(record(claimed(1, 1, 37, 2))).isEqualTo(RecordOutcome.DUPLICATE);
    assertThat(record(claimed(1, 1, 36, 3))).as("just below").isEqualTo(RecordOutcome.TOO_OLD);
    assertThat(record(claimed(1, 1, 101, 4))).isEqualTo(RecordOutcome.STORED);
    assertThat(record(claimed(1, 1, 37, 2))).as("fell out").isEqualTo(RecordOutcome.TOO_OLD);
    assertThat(record(claimed(1, 1, 38, 5))).isEqualTo(RecordOutcome.STORED);
  }

  @Test
  @DisplayName("numbers belong to one device and one epoch")
  void separates_devices_and_epochs() {
    record(claimed(1, 1, 1_000, 1));
    assertThat(record(claimed(2, 1, 1, 1))).isEqualTo(RecordOutcome.STORED);
    assertThat(record(claimed(1, 2, 1, 1))).isEqualTo(RecordOutcome.STORED);
    assertThat(record(claimed(1, 1, 1, 1))).isEqualTo(RecordOutcome.TOO_OLD);
    assertThat(record(claimed(1, 2, 1, 1))).isEqualTo(RecordOutcome.DUPLICATE);
  }

  @Test
  @DisplayName("the highest number that a request may carry is taken")
  void takes_highest_number() {
    long highest = (1L << 53) - 1;
    assertThat(record(claimed(1, 1, highest, 1))).isEqualTo(RecordOutcome.STORED);
    assertThat(record(claimed(1, 1, highest, 1))).isEqualTo(RecordOutcome.DUPLICATE);
    assertThat(record(claimed(1, 1, highest - 64, 1))).isEqualTo(RecordOutcome.TOO_OLD);
  }

  @Test
  @DisplayName("a message without readings may claim its number")
  void takes_claim_alone() {
    assertThat(record(claimed(1, 1, 1))).isEqualTo(RecordOutcome.STORED);
    assertThat(record(claimed(1, 1, 1))).isEqualTo(RecordOutcome.DUPLICATE);
    assertThat(store.latest(1, 10)).isEmpty();
  }

  @Test
  @DisplayName("a removed device leaves neither readings nor numbers, and the others keep theirs")
  void removes_device() {
    record(claimed(1, 1, 5, 1));
    record(claimed(2, 1, 5, 2));
    store.remove(1);
    assertThat(store.latest(1, 10)).isEmpty();
    assertThat(numbers(store.latest(2, 10))).containsExactly(2.0);
    assertThat(record(claimed(1, 1, 5, 3))).isEqualTo(RecordOutcome.STORED);
    assertThat(record(claimed(2, 1, 5, 2))).isEqualTo(RecordOutcome.DUPLICATE);
  }

  @Test
  @DisplayName("retention deletes what arrived before, of every device, and keeps the numbers")
  void deletes_old_readings() {
    record(plain(1, NOW.minusSeconds(1), 1));
    record(plain(1, NOW, 2));
    record(plain(2, NOW.minus(Duration.ofDays(1)), 3));
    record(claimed(3, 1, 5, 4));
    assertThat(store.deleteBefore(NOW)).isEqualTo(2);
    assertThat(numbers(store.latest(1, 10))).containsExactly(2.0);
    assertThat(store.latest(2, 10)).isEmpty();
    assertThat(store.deleteBefore(NOW)).isZero();
    assertThat(store.deleteBefore(NOW.plusSeconds(1))).isEqualTo(2);
    assertThat(record(claimed(3, 1, 5, 4))).isEqualTo(RecordOutcome.DUPLICATE);
  }

  @Test
  @DisplayName("a closed store takes and gives nothing")
  void refuses_when_closed() {
    store.close();
    assertThat(store.record(plain(1, NOW, 1)))
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .withCauseInstanceOf(DatabaseException.class);
    assertThatThrownBy(() -> store.latest(1, 1)).isInstanceOf(DatabaseException.class);
  }
}
