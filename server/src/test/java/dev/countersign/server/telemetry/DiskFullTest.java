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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a store on a file system of its own that is too small, in a process of its own. */
class DiskFullTest {
  private static final long MIB = 1 << 20;
  private static final RocksLimits SMALL = new RocksLimits(8, MIB, 8, 8, MIB, MIB);

  @Test
  @DisplayName("a full disk fails messages and no reading; with room again, messages are stored")
  void survives_full_disk(@TempDir Path mountPoint) throws IOException, InterruptedException {
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
                mountPoint.toString())
            .redirectErrorStream(true)
            .redirectOutput(output);
    try {
      int exit = process.start().waitFor();
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
    var reading = new Reading("note", new Scalar.Text(randomText(sequence)), null);
    return new ReadingBatch(
        1,
        1,
        List.copyOf(Collections.nCopies(100, reading)),
        Batches.provenance(NOW, OptionalLong.of(sequence)),
        Optional.of(new SequenceClaim(sequence, Sha256.of(new byte[] {1}))));
  }

  /** Not to be compressed away. */
  private static String randomText(long seed) {
    return new Random(seed)
        .ints(1_000, ' ', '~')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
