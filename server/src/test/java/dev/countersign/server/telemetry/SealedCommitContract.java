// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import static dev.countersign.server.telemetry.Batches.NOW;
import static dev.countersign.server.telemetry.Batches.claimed;
import static dev.countersign.server.telemetry.Batches.numbers;
import static dev.countersign.server.telemetry.Batches.plain;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.Sha256;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link ReadingStore} does with sealed requests. */
abstract class SealedCommitContract {
  static final int SERIES = -5;
  static final long AT = NOW.toEpochMilli();

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

  static SequenceClaim claim(long sequence, String body) {
    return new SequenceClaim(sequence, Sha256.of(body.getBytes(US_ASCII)));
  }

  static SealedCommit exchange(long sequence, String body, Optional<ReadingBatch> readings) {
    return new SealedCommit(
        1,
        SERIES,
        claim(sequence, body),
        AT,
        false,
        false,
        ("answer to " + body).getBytes(US_ASCII),
        readings,
        "refused".getBytes(US_ASCII));
  }

  private SealedOutcome commit(SealedCommit commit) {
    return store.commit(commit).join();
  }

  private SealedOutcome look(SequenceClaim claim, long atMillis, boolean expectsWindow) {
    return store.look(1, SERIES, claim, atMillis, expectsWindow).join();
  }

  static String text(SealedOutcome outcome) {
    return switch (outcome) {
      case SealedOutcome.Committed committed -> new String(committed.answer(), US_ASCII);
      case SealedOutcome.Duplicate duplicate -> "again " + new String(duplicate.answer(), US_ASCII);
      default -> outcome.toString();
    };
  }

  @Test
  @DisplayName("the same request gets the same answer, and its readings are stored once")
  void answers_again() {
    SealedCommit first = exchange(1, "a", Optional.of(plain(1, NOW, 1)));
    assertThat(text(commit(first))).isEqualTo("answer to a");
    assertThat(text(commit(first))).isEqualTo("again answer to a");
    assertThat(numbers(store.latest(1, 10))).containsExactly(1.0);
  }

  @Test
  @DisplayName("requests that come together meet: one is stored, the others are answered by it")
  void meets_in_one_write() {
    var outcomes = new ArrayList<CompletableFuture<SealedOutcome>>();
    // They keep the writer busy, so that what follows meets.
    var before = new ArrayList<CompletableFuture<RecordOutcome>>();
    for (int i = 0; i < 3_000; i++) {
      before.add(store.record(plain(9, NOW, 1, 2, 3)));
    }
    for (int i = 0; i < 200; i++) {
      outcomes.add(store.commit(exchange(1, "a", Optional.of(plain(1, NOW, 1)))));
      outcomes.add(store.commit(exchange(1, "b", Optional.of(plain(1, NOW, 2)))));
    }
    assertThat(before).allMatch(stored -> stored.join() == RecordOutcome.STORED);
    List<SealedOutcome> all = outcomes.stream().map(CompletableFuture::join).toList();
    assertThat(all).filteredOn(SealedOutcome.Committed.class::isInstance).hasSize(1);
    assertThat(all).filteredOn(SealedOutcome.Duplicate.class::isInstance).hasSize(199);
    assertThat(all).filteredOn(new SealedOutcome.Replayed(false)::equals).hasSize(200);
    assertThat(store.latest(1, 10)).hasSize(1);
  }

  @Test
  @DisplayName("a used number with other bytes, and one below the window, store nothing")
  void refuses_replays() {
    commit(exchange(100, "a", Optional.empty()));
    Optional<ReadingBatch> readings = Optional.of(plain(1, NOW, 9));
    assertThat(commit(exchange(100, "b", readings))).isEqualTo(new SealedOutcome.Replayed(false));
    assertThat(commit(exchange(36, "c", readings))).isEqualTo(new SealedOutcome.BelowWindow());
    assertThat(store.latest(1, 10)).isEmpty();
    assertThat(text(commit(exchange(37, "d", readings)))).isEqualTo("answer to d");
  }

  @Test
  @DisplayName("an answer is repeated for ten minutes, whether it was swept or not")
  void forgets_answers() {
    commit(exchange(1, "a", Optional.empty()));
    long tenMinutes = Duration.ofMinutes(10).toMillis();
    assertThat(text(look(claim(1, "a"), AT + tenMinutes, true))).isEqualTo("again answer to a");
    assertThat(look(claim(1, "a"), AT + tenMinutes + 1, true))
        .isEqualTo(new SealedOutcome.Replayed(true));
    store.deleteAnswersBefore(NOW.plusSeconds(1));
    assertThat(look(claim(1, "a"), AT, true)).isEqualTo(new SealedOutcome.Replayed(true));
    assertThat(look(claim(1, "b"), AT, true)).isEqualTo(new SealedOutcome.Replayed(false));
  }

  @Test
  @DisplayName("a look claims nothing, and tells the highest number")
  void looks() {
    assertThat(look(claim(7, "a"), AT, false)).isEqualTo(new SealedOutcome.Free(0));
    commit(exchange(3, "x", Optional.empty()));
    assertThat(look(claim(7, "a"), AT, true)).isEqualTo(new SealedOutcome.Free(3));
    assertThat(text(commit(exchange(7, "a", Optional.empty())))).isEqualTo("answer to a");
  }

  @Test
  @DisplayName("a window that should be there and is not is lost, and nothing is claimed")
  void notices_a_lost_window() {
    var expecting =
        new SealedCommit(
            1, SERIES, claim(5, "a"), AT, true, false, new byte[1], Optional.empty(), new byte[0]);
    assertThat(commit(expecting)).isEqualTo(new SealedOutcome.WindowLost());
    assertThat(look(claim(5, "a"), AT, true)).isEqualTo(new SealedOutcome.WindowLost());
    commit(exchange(5, "a", Optional.empty()));
    store.remove(1);
    assertThat(commit(expecting)).isEqualTo(new SealedOutcome.WindowLost());
  }

  @Test
  @DisplayName("a window that begins anew closes all that is below it")
  void closes_below() {
    commit(
        new SealedCommit(
            1,
            SERIES,
            claim(90, "a"),
            AT,
            false,
            true,
            new byte[1],
            Optional.empty(),
            new byte[0]));
    for (long below = 20; below < 90; below++) {
      assertThat(commit(exchange(below, "recorded", Optional.empty())))
          .isIn(new SealedOutcome.Replayed(false), new SealedOutcome.BelowWindow());
    }
    assertThat(text(commit(exchange(91, "b", Optional.empty())))).isEqualTo("answer to b");
  }

  @Test
  @DisplayName("readings with a number of their own are stored once under any series")
  void message_numbers() {
    assertThat(text(commit(exchange(1, "a", Optional.of(claimed(1, 3, 9, 1.0))))))
        .isEqualTo("answer to a");
    assertThat(text(commit(exchange(2, "b", Optional.of(claimed(1, 3, 9, 1.0))))))
        .as("the same message under another number")
        .isEqualTo("answer to b");
    assertThat(text(commit(exchange(3, "c", Optional.of(claimed(1, 3, 9, 2.0))))))
        .as("another message under its number")
        .isEqualTo("refused");
    assertThat(text(commit(exchange(3, "c", Optional.of(claimed(1, 3, 9, 2.0))))))
        .isEqualTo("again refused");
    assertThat(numbers(store.latest(1, 10))).containsExactly(1.0);
    assertThat(store.record(claimed(1, 3, 9, 1.0)).join()).isEqualTo(RecordOutcome.DUPLICATE);
  }

  @Test
  @DisplayName("series and devices are apart")
  void keeps_series_apart() {
    commit(exchange(1, "a", Optional.empty()));
    assertThat(store.look(1, SERIES - 1, claim(1, "b"), AT, false).join())
        .isEqualTo(new SealedOutcome.Free(0));
    assertThat(store.look(2, SERIES, claim(1, "b"), AT, false).join())
        .isEqualTo(new SealedOutcome.Free(0));
  }
}
