// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import static dev.countersign.server.telemetry.Batches.claimed;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class ReplayPropertyTest {
  private static final int DEVICES = 3;
  private static final RocksLimits FEW_AT_HAND =
      new RocksLimits(1_000, 1 << 20, 2, 2, 1 << 20, 1 << 20);

  /** A step of a story: a message, or something that happens to the store. */
  sealed interface Step {}

  record Send(int device, int epoch, long sequence, int body) implements Step {}

  record Remove(int device) implements Step {}

  record Reopen() implements Step {}

  @Property(tries = 2_000)
  @Label("a window knows exactly what a set of all numbers ever used knows")
  void window_equals_set_of_used_numbers(@ForAll("sequences") List<Long> sequences) {
    var window = new ReplayWindow();
    var used = new HashSet<Long>();
    long highest = 0;
    for (long sequence : sequences) {
      var expected =
          sequence <= highest - ReadingStore.WINDOW
              ? ReplayWindow.Verdict.FORGOTTEN
              : used.contains(sequence) ? ReplayWindow.Verdict.USED : ReplayWindow.Verdict.FREE;
      assertThat(window.judge(sequence)).isEqualTo(expected);
      if (expected == ReplayWindow.Verdict.FREE) {
        window.use(sequence);
        used.add(sequence);
        highest = Math.max(highest, sequence);
      }
    }
  }

  @Provide
  Arbitrary<List<Long>> sequences() {
    return Arbitraries.oneOf(
            Arbitraries.longs().between(1, 200), Arbitraries.longs().between(1, 1L << 53))
        .list()
        .ofMaxSize(200);
  }

  @Property(tries = 60)
  @Label("whatever is sent, removed and opened again, the store does what the simple one does")
  void rocks_equals_memory(@ForAll("stories") List<Step> story) {
    var directory = temporaryDirectory();
    var model = new InMemoryReadingStore();
    RocksReadingStore store = RocksReadingStore.open(directory, FEW_AT_HAND);
    try {
      for (Step step : story) {
        switch (step) {
          case Send send -> assertThat(send(store, send)).isEqualTo(send(model, send));
          case Remove(int device) -> {
            store.remove(device);
            model.remove(device);
          }
          case Reopen() -> {
            store.close();
            store = RocksReadingStore.open(directory, FEW_AT_HAND);
          }
        }
      }
      assertSameReadings(store, model);
    } finally {
      store.close();
      delete(directory);
    }
  }

  @Property(tries = 60)
  @Label("messages that share groups are judged as if they came one by one")
  void groups_equal_singles(@ForAll("bursts") List<Send> burst) {
    var directory = temporaryDirectory();
    var model = new InMemoryReadingStore();
    try (var store = RocksReadingStore.open(directory, RocksLimits.DEFAULT)) {
      var futures = burst.stream().map(send -> store.record(batch(send))).toList();
      var expected = burst.stream().map(send -> send(model, send)).toList();
      assertThat(futures.stream().map(CompletableFuture::join)).containsExactlyElementsOf(expected);
      assertSameReadings(store, model);
    } finally {
      delete(directory);
    }
  }

  private static void assertSameReadings(ReadingStore store, ReadingStore model) {
    for (int device = 1; device <= DEVICES; device++) {
      assertThat(store.latest(device, 1_000)).isEqualTo(model.latest(device, 1_000));
    }
  }

  private static ReadingBatch batch(Send send) {
    return claimed(send.device(), send.epoch(), send.sequence(), send.body());
  }

  private static RecordOutcome send(ReadingStore store, Send send) {
    return store.record(batch(send)).join();
  }

  @Provide
  Arbitrary<List<Step>> stories() {
    Arbitrary<Step> sends = sends().map(send -> send);
    Arbitrary<Step> removals = Arbitraries.integers().between(1, DEVICES).map(Remove::new);
    Arbitrary<Step> reopenings = Arbitraries.create(Reopen::new);
    return Arbitraries.frequencyOf(
            Tuple.of(40, sends), Tuple.of(1, removals), Tuple.of(1, reopenings))
        .list()
        .ofMaxSize(80);
  }

  @Provide
  Arbitrary<List<Send>> bursts() {
    return sends().list().ofMaxSize(300);
  }

  private static Arbitrary<Send> sends() {
    return Combinators.combine(
            Arbitraries.integers().between(1, DEVICES),
            Arbitraries.integers().between(1, 2),
            Arbitraries.longs().between(1, 150),
            Arbitraries.integers().between(1, 2))
        .as(Send::new);
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("replay");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) {
    try (var files = Files.walk(directory)) {
      for (Path file : files.toList().reversed()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
