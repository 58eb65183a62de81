// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.telemetry.Reading;
import dev.countersign.server.telemetry.Provenance;
import dev.countersign.server.telemetry.ReadingBatch;
import dev.countersign.server.telemetry.RecordOutcome;
import dev.countersign.server.telemetry.RocksLimits;
import dev.countersign.server.telemetry.RocksReadingStore;
import dev.countersign.server.telemetry.SequenceClaim;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Durable readings per second, each a message of its own with a sequence number, from so many
 * devices that each wait for the answer to one before they send the next. One thread plays them
 * all, so that no time goes into waking threads. On the disk of java.io.tmpdir, which must not be
 * memory.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ReadingStoreBenchmark {
  private static final Sha256 BODY = Sha256.of(new byte[] {1});
  private static final String KEY_ID = BODY.hex();
  private static final int MUTUAL_TLS = 4;

  @Param({"1", "16", "256"})
  public int producers;

  private final Path directory;
  private final RocksReadingStore store;
  private final Clock clock = Clock.systemUTC();

  /** Messages that may be under way; as many as there are devices. */
  private final Semaphore free = new Semaphore(0);

  private final AtomicLong refused = new AtomicLong();
  private long sent;

  public ReadingStoreBenchmark() {
    try {
      directory = Files.createTempDirectory("readings");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    store = RocksReadingStore.open(directory, RocksLimits.DEFAULT);
  }

  @Setup
  public void begin() {
    free.release(producers);
  }

  @Benchmark
  public CompletableFuture<RecordOutcome> record() throws InterruptedException {
    free.acquire();
    long device = sent % producers;
    long sequence = 1 + sent / producers;
    sent++;
    Instant now = clock.instant();
    return store
        .record(
            new ReadingBatch(
                device,
                1,
                List.of(new Reading("temperature", new Scalar.Numeric(sequence), null)),
                new Provenance(KEY_ID, MUTUAL_TLS, "benchmark", now, OptionalLong.of(sequence)),
                Optional.of(new SequenceClaim(sequence, BODY))))
        .whenComplete((outcome, error) -> {
          if (outcome != RecordOutcome.STORED) {
            refused.incrementAndGet();
          }
          free.release();
        });
  }

  @TearDown
  public void end() throws IOException {
    free.acquireUninterruptibly(producers);
    store.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    if (refused.get() > 0) {
      throw new IllegalStateException("expected all to be stored, got " + refused + " refused");
    }
  }
}
