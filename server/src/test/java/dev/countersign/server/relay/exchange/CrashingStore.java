// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.server.telemetry.ReadingBatch;
import dev.countersign.server.telemetry.ReadingStore;
import dev.countersign.server.telemetry.RecordOutcome;
import dev.countersign.server.telemetry.SealedCommit;
import dev.countersign.server.telemetry.SealedOutcome;
import dev.countersign.server.telemetry.SequenceClaim;
import dev.countersign.server.telemetry.StoredReading;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A store that a process uses which ends at a chosen step of the next commit. */
class CrashingStore implements ReadingStore {
  /** When the process ends. */
  enum Step {
    NEVER,
    BEFORE_COMMIT,
    AFTER_COMMIT
  }

  /** What stands for the end of the process: nothing is answered. */
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Crash() {
      super("the process ended");
    }
  }

  private final ReadingStore store;
  private final Step step;

  CrashingStore(ReadingStore store, Step step) {
    this.store = store;
    this.step = step;
  }

  @Override
  public CompletableFuture<SealedOutcome> commit(SealedCommit commit) {
    return switch (step) {
      case NEVER -> store.commit(commit);
      case BEFORE_COMMIT -> CompletableFuture.failedFuture(new Crash());
      case AFTER_COMMIT ->
          store
              .commit(commit)
              .thenApply(_ -> {
                throw new Crash();
              });
    };
  }

  @Override
  public CompletableFuture<SealedOutcome> look(
      long deviceId, int series, SequenceClaim claim, long atMillis, boolean expectsWindow) {
    return store.look(deviceId, series, claim, atMillis, expectsWindow);
  }

  @Override
  public CompletableFuture<RecordOutcome> record(ReadingBatch batch) {
    return store.record(batch);
  }

  @Override
  public void deleteAnswersBefore(Instant cutoff) {
    store.deleteAnswersBefore(cutoff);
  }

  @Override
  public List<StoredReading> latest(long deviceId, int limit) {
    return store.latest(deviceId, limit);
  }

  @Override
  public List<StoredReading> between(long deviceId, Instant from, Instant to, int limit) {
    return store.between(deviceId, from, to, limit);
  }

  @Override
  public void remove(long deviceId) {
    store.remove(deviceId);
  }

  @Override
  public long deleteBefore(Instant cutoff) {
    return store.deleteBefore(cutoff);
  }

  @Override
  public Optional<Instant> oldest() {
    return store.oldest();
  }

  @Override
  public long bytes() {
    return store.bytes();
  }

  @Override
  public void compact() {
    store.compact();
  }

  @Override
  public void close() {
    store.close();
  }
}
