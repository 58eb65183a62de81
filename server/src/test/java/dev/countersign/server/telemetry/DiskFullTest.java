// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import static dev.countersign.server.telemetry.Batches.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.telemetry.Reading;
import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.database.DiskFullException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a store on a file system of its own that is too small, in a process of its own. */
class DiskFullTest {
  private static final long MIB = 1 << 20;

  /** Much more than it takes: a store may wait for ever. */
  private static final long TIMEOUT_SECONDS = 120;

  private static final RocksLimits SMALL = new RocksLimits(8, MIB, 8, 8, MIB, MIB);

  @Test
  @DisplayName("a full disk fails messages and no reading; with room again, messages are stored")
  void survives_full_disk(@TempDir Path mountPoint) throws IOException, InterruptedException {
    play("growing", mountPoint);
  }

  @Test
  @DisplayName("where the log still has room, and only tables have none, no message waits for it")
  void fails_though_log_has_room(@TempDir Path mountPoint)
      throws IOException, InterruptedException {
    play("tables", mountPoint);
  }

  private static void play(String scenario, Path mountPoint)
      throws IOException, InterruptedException {
    var output = mountPoint.resolveSibling(mountPoint.getFileName() + ".txt").toFile();
    var process =
        new ProcessBuilder(
                "unshare",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o size=24m tmpfs \"$0\" || exit 77; exec \"$@\"",
                mountPoint.toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                DiskFullTest.class.getName(),
                mountPoint.toString(),
                scenario)
            .redirectErrorStream(true)
            .redirectOutput(output);
    try {
      Process playing = process.start();
      if (!playing.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        playing.destroyForcibly().waitFor();
      }
      int exit = playing.exitValue();
      String printed = Files.readString(output.toPath());
      if (exit == 77 || printed.startsWith("unshare:")) {
        skip("no small file system could be mounted: " + printed);
      }
      assertThat(exit).as(printed).isZero();
    } catch (IOException e) {
      skip("the program unshare is missing");
    } finally {
      Files.deleteIfExists(output.toPath());
    }
  }

  private static void skip(String reason) {
    assertThat(System.getProperty("countersign.programs")).as(reason).isNotEqualTo("required");
    abort(reason);
  }

  /** What runs on the small file system; ends with 0 if all was as it should. */
  public static void main(String[] arguments) throws IOException {
    var disk = Path.of(arguments[0]);
    switch (arguments[1]) {
      case "growing" -> growing(disk);
      case "tables" -> tables(disk);
      default -> throw new IllegalArgumentException(arguments[1]);
    }
  }

  /**
   * Logs that are written over need no room, and so the first that has none is a table. Each group
   * fills a memtable, so that messages wait while the table of the one before is being written.
   */
  private static void tables(Path disk) throws IOException {
    Path ballast = disk.resolve("ballast");
    Path directory = disk.resolve("readings");
    var limits = new RocksLimits(64, 64 * MIB, 12, 12, MIB, MIB);
    for (int round = 1; round <= 5; round++) {
      int stored = 0;
      try (var store = RocksReadingStore.open(directory, limits)) {
        stored += storeMany(store, 60);
        assertThat(stored).isEqualTo(60);
        fill(ballast);
        for (int more = 40; more == 40; fill(ballast)) {
          more = storeMany(store, 40);
          stored += more;
        }
        assertThat(store.latest(1, Integer.MAX_VALUE)).hasSize(stored * 100);
        Files.delete(ballast);
        assertThat(storeMany(store, 1)).as("room again").isEqualTo(1);
        assertThat(store.latest(1, Integer.MAX_VALUE)).hasSize((stored + 1) * 100);
      }
      try (var files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** At once, and how many of them are stored. */
  private static int storeMany(ReadingStore store, int count) {
    var waiting = new ArrayList<CompletableFuture<RecordOutcome>>();
    for (int i = 0; i < count; i++) {
      waiting.add(store.record(batch(i, OptionalLong.empty())));
    }
    int stored = 0;
    for (var each : waiting) {
      try {
        stored += each.join() == RecordOutcome.STORED ? 1 : 0;
      } catch (CompletionException e) {
        assertThat(e).hasCauseInstanceOf(DiskFullException.class);
      }
    }
    return stored;
  }

  private static void fill(Path ballast) throws IOException {
    var block = new byte[4096];
    try (var out =
        Files.newOutputStream(ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space");
    }
  }

  private static void growing(Path disk) throws IOException {
    var ballast = Files.write(disk.resolve("ballast"), new byte[(int) (8 * MIB)]);
    long sequence = 0;
    try (var store = RocksReadingStore.open(disk.resolve("readings"), SMALL)) {
      do {
        sequence++;
      } while (isStored(store, sequence));
      long refused = sequence;
      // An old log that was kept to be written over may have room for it now. What counts is that
      // the store has what it says, and nothing else.
      boolean took = isStored(store, refused);
      assertThat(store.latest(1, Integer.MAX_VALUE))
          .as("while it is full")
          .hasSize((int) (took ? refused : refused - 1) * 100);

      Files.delete(ballast);
      assertThat(took || isStored(store, refused)).as("room again").isTrue();
      assertThat(store.latest(1, Integer.MAX_VALUE)).hasSize((int) refused * 100);
    }
    try (var store = RocksReadingStore.open(disk.resolve("readings"), SMALL)) {
      assertThat(store.latest(1, Integer.MAX_VALUE)).hasSize((int) sequence * 100);
      assertThat(store.record(batch(sequence)).join()).isEqualTo(RecordOutcome.DUPLICATE);
    }
  }

  private static boolean isStored(ReadingStore store, long sequence) {
    try {
      return store.record(batch(sequence)).join() == RecordOutcome.STORED;
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(DatabaseException.class);
      return false;
    }
  }

  private static ReadingBatch batch(long sequence) {
    return batch(sequence, OptionalLong.of(sequence));
  }

  private static ReadingBatch batch(long seed, OptionalLong sequence) {
    var reading = new Reading("note", new Scalar.Text(randomText(seed)), null);
    return new ReadingBatch(
        1,
        1,
        List.copyOf(Collections.nCopies(100, reading)),
        Batches.provenance(NOW, sequence),
        sequence.isPresent()
            ? Optional.of(new SequenceClaim(sequence.getAsLong(), Sha256.of(new byte[] {1})))
            : Optional.empty());
  }

  /** Not to be compressed away. */
  private static String randomText(long seed) {
    return new Random(seed)
        .ints(1_000, ' ', '~')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
