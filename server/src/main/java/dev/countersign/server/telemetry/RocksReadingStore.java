// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import dev.countersign.protocol.Sha256;
import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.database.GroupCommit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Readings and claims in an embedded RocksDB, which belongs to one process.
 *
 * <p>One thread writes what is queued as one atomic batch with one sync, and judges sequence
 * numbers on the way; so a claim needs no lock, and two claims of one number in one batch meet. All
 * outcomes are told after the sync, since any of them may rest on a neighbour's claim.
 */
public final class RocksReadingStore implements ReadingStore {
  private static final long MAX_GROUP_BYTES = 4 << 20;

  /** What the writer is given. */
  private sealed interface Job {}

  /** A message to be stored, encoded by the thread that brought it. */
  private static final class Message implements Job {
    final long deviceId;
    final int epoch;
    final long arrivedAtMillis;
    final byte[][] readings;
    final @Nullable SequenceClaim claim;
    final int bytes;
    final CompletableFuture<RecordOutcome> future = new CompletableFuture<>();
    RecordOutcome outcome = RecordOutcome.STORED;

    Message(ReadingBatch batch) {
      deviceId = batch.deviceId();
      epoch = batch.epoch();
      arrivedAtMillis = batch.provenance().arrivedAt().toEpochMilli();
      readings = ReadingCodec.encode(batch);
      claim = batch.claim().orElse(null);
      int sum = RocksFiles.CLAIM_BYTES;
      for (byte[] reading : readings) {
        sum += reading.length + RocksFiles.READING_KEY_BYTES;
      }
      bytes = sum;
    }
  }

  /** A device to be forgotten. */
  private record Removal(long deviceId, CompletableFuture<Void> done) implements Job {}

  /** A look whether writing works again. */
  private record Retry() implements Job {}

  private final RocksFiles files;
  private final ReplayWindows windows;
  private final GroupCommit<Job> writer;

  /** The writer's own: the messages of the write that is being put together. */
  private final List<Message> group = new ArrayList<>();

  /** Set by the writer: why the last write failed, and RocksDB must be opened anew. */
  private volatile @Nullable String failure;

  private RocksReadingStore(RocksFiles files, RocksLimits limits) {
    this.files = files;
    this.windows = new ReplayWindows(limits.cachedWindows(), files::claimedSequences);
    this.writer =
        new GroupCommit<>(
            "readings-writer",
            new GroupCommit.Limits(
                limits.queuedMessages(),
                limits.queuedBytes(),
                limits.messagesPerSync(),
                MAX_GROUP_BYTES),
            job -> job instanceof Message message ? message.bytes : 0,
            this::commit);
  }

  /**
   * Opens or creates the store in this directory.
   *
   * @throws DatabaseException if it cannot be opened, or another process has it open
   */
  public static RocksReadingStore open(Path directory, RocksLimits limits) {
    return new RocksReadingStore(RocksFiles.open(directory, limits), limits);
  }

  @Override
  public CompletableFuture<RecordOutcome> record(ReadingBatch batch) {
    var message = new Message(batch);
    try {
      writer.submit(message);
    } catch (DatabaseException e) {
      message.future.completeExceptionally(e);
    }
    return message.future;
  }

  @Override
  public void remove(long deviceId) {
    if (writer.isWriter()) {
      throw new IllegalStateException("a removal on the store's own thread would wait for itself");
    }
    var removal = new Removal(deviceId, new CompletableFuture<>());
    writer.submit(removal);
    try {
      removal.done().join();
    } catch (CompletionException e) {
      throw new DatabaseException("cannot remove readings", e.getCause());
    }
  }

  private void commit(List<Job> jobs) {
    for (Job job : jobs) {
      switch (job) {
        case Message message -> group.add(message);
        case Removal removal -> {
          // What came before is written before, so that a removal finds it.
          writeGroup();
          remove(removal);
        }
        case Retry _ -> retry();
      }
    }
    writeGroup();
  }

  private void writeGroup() {
    if (group.isEmpty()) {
      return;
    }
    try (var batch = startBatch()) {
      for (int i = 0; i < group.size(); i++) {
        var message = group.get(i);
        message.outcome = claim(message, i, batch);
        if (message.outcome == RecordOutcome.STORED) {
          for (byte[] reading : message.readings) {
            batch.putReading(message.deviceId, message.arrivedAtMillis, reading);
          }
        }
      }
      batch.write();
      for (var message : group) {
        message.future.complete(message.outcome);
      }
    } catch (RocksDBException | IOException | RuntimeException | Error e) {
      failure = String.valueOf(e.getMessage());
      windows.clear(); // they hold claims that were not written
      var fault = RocksHandle.fault("the readings were not stored: " + e.getMessage(), e);
      for (var message : group) {
        message.future.completeExceptionally(fault);
      }
    } finally {
      group.clear();
    }
  }

  private RocksFiles.Batch startBatch() throws IOException {
    reopenIfFailed();
    return files.startBatch();
  }

  private void reopenIfFailed() throws IOException {
    if (failure != null) {
      files.reopen();
      failure = null;
    }
  }

  private RecordOutcome claim(Message message, int index, RocksFiles.Batch batch)
      throws RocksDBException {
    SequenceClaim claim = message.claim;
    if (claim == null) {
      return RecordOutcome.STORED;
    }
    var window = windows.of(message.deviceId, message.epoch);
    return switch (window.judge(claim.sequence())) {
      case FREE -> {
        window.use(claim.sequence());
        batch.putClaim(message.deviceId, message.epoch, claim);
        yield RecordOutcome.STORED;
      }
      case USED ->
          bodyHash(message, claim.sequence(), index).equals(claim.bodyHash())
              ? RecordOutcome.DUPLICATE
              : RecordOutcome.CONFLICT;
      case FORGOTTEN -> RecordOutcome.TOO_OLD;
    };
  }

  /** The body under a number that was used: by a message before in this group, or on disk. */
  private Sha256 bodyHash(Message message, long sequence, int index) throws RocksDBException {
    for (var earlier : group.subList(0, index)) {
      if (earlier.deviceId == message.deviceId
          && earlier.epoch == message.epoch
          && earlier.claim != null
          && earlier.claim.sequence() == sequence
          && earlier.outcome == RecordOutcome.STORED) {
        return earlier.claim.bodyHash();
      }
    }
    return files.bodyHash(message.deviceId, message.epoch, sequence);
  }

  private void remove(Removal removal) {
    try {
      reopenIfFailed();
      windows.forget(removal.deviceId());
      files.removeDevice(removal.deviceId());
      removal.done().complete(null);
    } catch (RocksDBException | IOException | RuntimeException | Error e) {
      failure = String.valueOf(e.getMessage());
      removal.done().completeExceptionally(e);
    }
  }

  /** Why the last write failed, if it cannot be written since; see {@link #tryAgain}. */
  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * After a failure, tries to get to where writing works again, as the next message would. Does not
   * wait for it.
   *
   * @throws dev.countersign.server.database.OverloadedException if too much waits
   */
  public void tryAgain() {
    writer.submit(new Retry());
  }

  private void retry() {
    try {
      reopenIfFailed();
    } catch (IOException | RuntimeException e) {
      failure = String.valueOf(e.getMessage());
    }
  }

  /** How many messages wait for the writer. */
  public int queuedMessages() {
    return writer.queued();
  }

  @Override
  public List<StoredReading> latest(long deviceId, int limit) {
    return files.latest(deviceId, limit);
  }

  @Override
  public List<StoredReading> between(long deviceId, Instant from, Instant to, int limit) {
    return files.between(deviceId, from, to, limit);
  }

  @Override
  public long deleteBefore(Instant cutoff) {
    return files.deleteBefore(cutoff);
  }

  @Override
  public Optional<Instant> oldest() {
    return files.oldest();
  }

  @Override
  public long bytes() {
    return files.bytes();
  }

  @Override
  public void compact() {
    files.compact();
  }

  @Override
  public void close() {
    writer.close();
    files.close();
  }
}
