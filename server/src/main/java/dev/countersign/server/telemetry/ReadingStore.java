// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The readings of all devices, and the sequence numbers already used. Thread-safe.
 *
 * <p>A sequence number is taken if it is above the highest of its device and epoch, or among the
 * {@link #WINDOW} numbers that end with the highest and not used yet. What can no longer be read or
 * written throws {@link dev.countersign.server.database.DatabaseException}.
 */
public interface ReadingStore extends AutoCloseable {
  /** How many numbers, the highest included, are remembered one by one. */
  int WINDOW = 64;

  /** How long the same request gets the same answer: docs/protocol.md §3. */
  Duration ANSWERS_KEPT = Duration.ofMinutes(10);

  /**
   * Claims the sequence number and stores the readings, both or neither. Does not wait.
   *
   * @return completed when the outcome is on disk, on the store's own thread, so that what depends
   *     on it must be short; fails with {@link dev.countersign.server.database.OverloadedException}
   *     if too much waits (then nothing is stored), and with {@link
   *     dev.countersign.server.database.DatabaseException} if the disk did not take it (then it may
   *     turn up all the same, and only its sequence number keeps it from being stored twice)
   */
  CompletableFuture<RecordOutcome> record(ReadingBatch batch);

  /**
   * Claims the number of a sealed request, stores its readings and keeps its answer: all or
   * nothing, and nothing if the number was used. Does not wait. An answer is repeated for {@link
   * #ANSWERS_KEPT}.
   *
   * @return as {@link #record}
   */
  CompletableFuture<SealedOutcome> commit(SealedCommit commit);

  /**
   * Looks at the number of a sealed request without claiming it. For what is done elsewhere before
   * it is committed here; two that look at once may both find it free.
   *
   * @param expectsWindow as in {@link SealedCommit}
   */
  CompletableFuture<SealedOutcome> look(
      long deviceId, int series, SequenceClaim claim, long atMillis, boolean expectsWindow);

  /** Forgets answers that are no longer repeated; on disk or not when it returns. */
  void deleteAnswersBefore(Instant cutoff);

  /** The readings that arrived last, newest first. */
  List<StoredReading> latest(long deviceId, int limit);

  /**
   * The readings that arrived from {@code from} on and before {@code to}, in the order of their
   * arrival.
   */
  List<StoredReading> between(long deviceId, Instant from, Instant to, int limit);

  /** Forgets the readings and sequence numbers of a device; on disk when it returns. */
  void remove(long deviceId);

  /**
   * Forgets readings that arrived before this instant; sequence numbers stay.
   *
   * @return how many devices had some
   */
  long deleteBefore(Instant cutoff);

  /** When the oldest reading arrived; empty if there is none. Looks at every device. */
  Optional<Instant> oldest();

  /** How much of the disk the store takes, roughly: without what is still in its log. */
  long bytes();

  /** Gives the room of what was deleted back to the disk; may take minutes. */
  void compact();

  /** Finishes what is queued, and closes. Later calls are refused. */
  @Override
  void close();
}
