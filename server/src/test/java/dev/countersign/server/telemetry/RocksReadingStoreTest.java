// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import static dev.countersign.server.telemetry.Batches.NOW;
import static dev.countersign.server.telemetry.Batches.claimed;
import static dev.countersign.server.telemetry.Batches.numbers;
import static dev.countersign.server.telemetry.Batches.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.database.OverloadedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

class RocksReadingStoreTest extends ReadingStoreContract {
  private static final long MIB = 1 << 20;
  private static final RocksLimits SMALL = new RocksLimits(8, MIB, 4, 4, MIB, MIB);

  @TempDir private Path directory;

  @Override
  ReadingStore open() {
    return RocksReadingStore.open(directory.resolve("readings"), SMALL);
  }

  private RocksReadingStore rocks() {
    return (RocksReadingStore) store;
  }

  /** Holds the writer, so that what is recorded meanwhile makes one group. */
  private CountDownLatch hold() {
    var held = new CountDownLatch(1);
    var holding = new CountDownLatch(1);
    var _ =
        store
            .record(plain(999, NOW, 0))
            .thenRun(() -> {
              holding.countDown();
              Awaitility.await().until(() -> held.getCount() == 0);
            });
    Awaitility.await().until(() -> holding.getCount() == 0);
    return held;
  }

  private static List<RecordOutcome> outcomes(List<CompletableFuture<RecordOutcome>> futures) {
    return futures.stream().map(CompletableFuture::join).toList();
  }

  @Test
  @DisplayName("two claims of one number in one group: the first is stored, the others are judged")
  void judges_claims_within_group() {
    var held = hold();
    var futures =
        List.of(
            store.record(claimed(1, 1, 5, 1)),
            store.record(claimed(1, 1, 5, 1)),
            store.record(claimed(1, 1, 5, 2)),
            store.record(claimed(1, 1, 100, 3)));
    held.countDown();
    assertThat(outcomes(futures))
        .containsExactly(
            RecordOutcome.STORED,
            RecordOutcome.DUPLICATE,
            RecordOutcome.CONFLICT,
            RecordOutcome.STORED);
    assertThat(numbers(store.latest(1, 10))).containsExactly(3.0, 1.0);
    assertThat(record(claimed(1, 1, 5, 1))).isEqualTo(RecordOutcome.TOO_OLD);
  }

  @Test
  @DisplayName("numbers, readings and their order are there after closing and opening again")
  void survives_reopening() {
    record(claimed(1, 1, 70, 1));
    record(claimed(1, 1, 69, 2));
    store.close();
    store = open();
    record(plain(1, NOW, 3));
    assertThat(numbers(store.latest(1, 10))).containsExactly(3.0, 2.0, 1.0);
    assertThat(record(claimed(1, 1, 70, 1))).isEqualTo(RecordOutcome.DUPLICATE);
    assertThat(record(claimed(1, 1, 69, 1))).isEqualTo(RecordOutcome.CONFLICT);
    assertThat(record(claimed(1, 1, 6, 1))).isEqualTo(RecordOutcome.TOO_OLD);
    assertThat(record(claimed(1, 1, 7, 1))).isEqualTo(RecordOutcome.STORED);
  }

  @Test
  @DisplayName("what a crash leaves has every answered message, each number with its readings")
  void survives_crash() throws IOException {
    for (int i = 1; i <= 200; i++) {
      record(claimed(1, 1, i, i));
    }
    var crashed = copyFiles("crashed");
    store.close();
    store = RocksReadingStore.open(crashed, SMALL);
    assertThat(store.latest(1, 1_000)).hasSize(200);
    assertThat(record(claimed(1, 1, 200, 200))).isEqualTo(RecordOutcome.DUPLICATE);
    assertThat(record(claimed(1, 1, 137, 137))).isEqualTo(RecordOutcome.DUPLICATE);
    assertThat(record(claimed(1, 1, 136, 136))).isEqualTo(RecordOutcome.TOO_OLD);
  }

  @Test
  @DisplayName("wherever the log breaks off, a number is claimed exactly if its reading is there")
  void claims_and_readings_break_off_together() throws IOException {
    for (int i = 1; i <= 20; i++) {
      record(claimed(1, 1, i, i));
    }
    var whole = copyFiles("whole");
    store.close();
    var log = onlyLog(whole);
    long bytes = Files.size(log);
    for (int cut = 1; cut < 20; cut++) {
      var torn = copyFiles(whole, directory.resolve("torn" + cut));
      try (var file = Files.newByteChannel(onlyLog(torn), StandardOpenOption.WRITE)) {
        file.truncate(bytes * cut / 20);
      }
      try (var opened = RocksReadingStore.open(torn, SMALL)) {
        int there = opened.latest(1, 100).size();
        assertThat(there).isBetween(cut - 2, cut + 1);
        if (there > 0) {
          assertThat(opened.record(claimed(1, 1, there, there)).join())
              .isEqualTo(RecordOutcome.DUPLICATE);
        }
        assertThat(opened.record(claimed(1, 1, there + 1, there + 1)).join())
            .isEqualTo(RecordOutcome.STORED);
      }
    }
    store = open();
  }

  private static Path onlyLog(Path from) throws IOException {
    try (var files = Files.list(from)) {
      return files
          .filter(file -> file.toString().endsWith(".log"))
          .reduce((a, b) -> b.compareTo(a) > 0 ? b : a)
          .orElseThrow();
    }
  }

  private Path copyFiles(String name) throws IOException {
    return copyFiles(directory.resolve("readings"), directory.resolve(name));
  }

  private static Path copyFiles(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }

  @Test
  @DisplayName("a device whose window left the cache is judged as before")
  void judges_beyond_cache() {
    for (int device = 1; device <= 10; device++) {
      record(claimed(device, 1, 100, 1));
    }
    for (int device = 1; device <= 10; device++) {
      assertThat(record(claimed(device, 1, 100, 1))).isEqualTo(RecordOutcome.DUPLICATE);
      assertThat(record(claimed(device, 1, 36, 1))).isEqualTo(RecordOutcome.TOO_OLD);
    }
  }

  @Test
  @DisplayName("a removal waits its turn: what came before it is gone, what comes after stays")
  void removes_in_turn() {
    var held = hold();
    var before = store.record(claimed(1, 1, 5, 1));
    var removal = CompletableFuture.runAsync(() -> store.remove(1));
    Awaitility.await().until(() -> rocks().queuedMessages() == 2);
    var after = store.record(claimed(1, 1, 5, 2));
    held.countDown();
    removal.join();
    assertThat(outcomes(List.of(before, after))).containsOnly(RecordOutcome.STORED);
    assertThat(numbers(store.latest(1, 10))).containsExactly(2.0);
  }

  @Test
  @DisplayName("a full queue fails the message at once, and nothing of it is stored")
  void refuses_when_overloaded() {
    var held = hold();
    var queued = new ArrayList<CompletableFuture<RecordOutcome>>();
    for (int i = 0; i < 8; i++) {
      queued.add(store.record(plain(1, NOW, i)));
    }
    var refused = store.record(plain(1, NOW, 99));
    assertThat(refused).isCompletedExceptionally();
    assertThatThrownBy(refused::join).hasCauseInstanceOf(OverloadedException.class);
    held.countDown();
    assertThat(outcomes(queued)).containsOnly(RecordOutcome.STORED);
    assertThat(store.latest(1, 100)).hasSize(8);
  }

  @Test
  @DisplayName("closing stores what is queued")
  void stores_queue_at_close() {
    var held = hold();
    var queued = List.of(store.record(plain(1, NOW, 1)), store.record(plain(1, NOW, 2)));
    var closing = CompletableFuture.runAsync(store::close);
    held.countDown();
    closing.join();
    assertThat(outcomes(queued)).containsOnly(RecordOutcome.STORED);
    store = open();
    assertThat(store.latest(1, 10)).hasSize(2);
  }

  @Test
  @DisplayName("a second server on the same directory is refused, and told why")
  void refuses_second_opening() {
    assertThatThrownBy(this::open)
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("is in use");
  }

  @Test
  @DisplayName("where the files cannot be opened again to write, they are read, until they can")
  void reads_while_it_cannot_write() throws Exception {
    Path readings = directory.resolve("readings");
    record(plain(1, NOW, 7));
    store.close();
    try (var files = RocksFiles.open(readings, SMALL)) {
      Path lock = readings.resolve("LOCK");
      Files.delete(lock);
      Files.createDirectory(lock); // RocksDB takes it before it writes, and not to read
      assertThatThrownBy(files::reopen).isInstanceOf(DatabaseException.class);
      assertThat(numbers(files.latest(1, 10))).containsExactly(7.0);
      try (var batch = files.startBatch()) {
        batch.putReading(1, NOW.toEpochMilli(), new byte[] {1});
        assertThatThrownBy(batch::write).isInstanceOf(RocksDBException.class);
      }

      Files.delete(lock);
      files.reopen();
      files.removeDevice(1);
      assertThat(files.latest(1, 10)).isEmpty();
    }
    store = open();
  }

  @Test
  @DisplayName("what cannot be encoded fails at its caller")
  void refuses_long_label() {
    var batch =
        new ReadingBatch(
            1,
            1,
            List.of(Batches.reading(1)),
            new Provenance("k".repeat(256), 4, "https", NOW, OptionalLong.empty()),
            Optional.empty());
    assertThatThrownBy(() -> record(batch)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("many callers at once: every message is stored exactly once")
  void stores_concurrent_messages() {
    store.close();
    store = RocksReadingStore.open(directory.resolve("many"), RocksLimits.DEFAULT);
    var futures = new ArrayList<CompletableFuture<RecordOutcome>>();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int device = 1; device <= 50; device++) {
        long id = device;
        for (int copy = 0; copy < 2; copy++) {
          futures.add(
              CompletableFuture.supplyAsync(
                  () -> {
                    for (int i = 1; i <= 40; i++) {
                      record(claimed(id, 1, i, i));
                    }
                    return RecordOutcome.STORED;
                  },
                  callers));
        }
      }
      futures.forEach(CompletableFuture::join);
    }
    for (int device = 1; device <= 50; device++) {
      assertThat(numbers(store.latest(device, 100)))
          .as("device " + device)
          .hasSize(40)
          .doesNotHaveDuplicates();
    }
    assertThat(store.deleteBefore(NOW.plus(Duration.ofDays(1)))).isEqualTo(50);
  }
}
