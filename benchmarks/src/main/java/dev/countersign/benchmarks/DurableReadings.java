// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.telemetry.Reading;
import dev.countersign.server.database.GroupCommit;
import dev.countersign.server.telemetry.Provenance;
import dev.countersign.server.telemetry.ReadingBatch;
import dev.countersign.server.telemetry.RecordOutcome;
import dev.countersign.server.telemetry.RocksLimits;
import dev.countersign.server.telemetry.RocksReadingStore;
import dev.countersign.server.telemetry.SequenceClaim;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * Durable readings per second: the store against the least that could be done, a file to which each
 * group is appended and synced. So many producers each wait for one answer before they send the
 * next; one thread plays them all, so that no time goes into waking threads. Every reading is a
 * message with a sequence number.
 *
 * <p>Arguments: {@code store} or {@code log}, a directory on the disk in question, producers,
 * seconds to warm up, and seconds to count.
 */
public final class DurableReadings {
  private static final Sha256 BODY = Sha256.of(new byte[] {1});
  private static final String KEY_ID = BODY.hex();
  private static final int MUTUAL_TLS = 4;

  /** What a reading and its claim are in the store's log: keys, values, and RocksDB's framing. */
  private static final int LOGGED_BYTES = 230;

  /** Stores one message; the future completes when it is on disk. */
  private interface Sink extends AutoCloseable {
    CompletableFuture<RecordOutcome> record(long device, long sequence);

    @Override
    void close();
  }

  private final Sink sink;
  private final int producers;
  private final Semaphore free;
  private long sent;

  private DurableReadings(Sink sink, int producers) {
    this.sink = sink;
    this.producers = producers;
    this.free = new Semaphore(producers);
  }

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory(Path.of(args[1]), "readings");
    int producers = Integer.parseInt(args[2]);
    try (Sink sink = args[0].equals("store") ? store(directory) : log(directory)) {
      var run = new DurableReadings(sink, producers);
      run.forSeconds(Integer.parseInt(args[3]));
      long cpu = cpuNanos();
      long begun = System.nanoTime();
      long stored = run.forSeconds(Integer.parseInt(args[4]));
      double nanos = System.nanoTime() - begun;
      System.out.printf(
          "per_second=%.0f cpu_us_per_reading=%.2f readings=%d%n",
          stored * 1e9 / nanos, (cpuNanos() - cpu) / 1e3 / stored, stored);
    }
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /** All that were under way have been stored when it returns. */
  private long forSeconds(int seconds) throws InterruptedException {
    long before = sent;
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (System.nanoTime() < end) {
      free.acquire();
      var stored = sink.record(sent % producers, 1 + sent / producers);
      sent++;
      var _ =
          stored.whenComplete((outcome, error) -> {
            if (outcome != RecordOutcome.STORED) {
              System.err.println("expected STORED, got " + outcome + " " + error);
              Runtime.getRuntime().halt(1);
            }
            free.release();
          });
    }
    free.acquire(producers);
    free.release(producers);
    return sent - before;
  }

  private static Sink store(Path directory) {
    var store = RocksReadingStore.open(directory, RocksLimits.DEFAULT);
    var clock = Clock.systemUTC();
    return new Sink() {
      @Override
      public CompletableFuture<RecordOutcome> record(long device, long sequence) {
        return store.record(
            new ReadingBatch(
                device,
                1,
                List.of(new Reading("temperature", new Scalar.Numeric(sequence), null)),
                new Provenance(
                    KEY_ID, MUTUAL_TLS, "benchmark", clock.instant(), OptionalLong.of(sequence)),
                Optional.of(new SequenceClaim(sequence, BODY))));
      }

      @Override
      public void close() {
        store.close();
      }
    };
  }

  private static Sink log(Path directory) throws IOException {
    var file =
        FileChannel.open(
            directory.resolve("log"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    var message = new byte[LOGGED_BYTES];
    RocksLimits limits = RocksLimits.DEFAULT;
    var buffer = ByteBuffer.allocateDirect(limits.messagesPerSync() * LOGGED_BYTES);
    var writer =
        new GroupCommit<CompletableFuture<RecordOutcome>>(
            "log-writer",
            new GroupCommit.Limits(
                limits.queuedMessages(),
                limits.queuedBytes(),
                limits.messagesPerSync(),
                Long.MAX_VALUE),
            work -> LOGGED_BYTES,
            group -> {
              buffer.clear();
              group.forEach(work -> buffer.put(message));
              try {
                file.write(buffer.flip());
                file.force(false);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              group.forEach(work -> work.complete(RecordOutcome.STORED));
            });
    return new Sink() {
      @Override
      public CompletableFuture<RecordOutcome> record(long device, long sequence) {
        var work = new CompletableFuture<RecordOutcome>();
        writer.submit(work);
        return work;
      }

      @Override
      public void close() {
        writer.close();
        try {
          file.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }
}
