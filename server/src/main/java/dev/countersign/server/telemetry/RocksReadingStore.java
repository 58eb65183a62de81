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
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Readings and claims in an embedded RocksDB, which belongs to one process.
 *
 * <p>One thread writes what is queued as one atomic batch with one sync, and judges sequence
 * numbers on the way; so a claim needs no lock, and two claims of one number in one batch meet. All
 * outcomes are told after the sync, since any of them may rest on a neighbour's claim.
 */
public final class RocksReadingStore implements ReadingStore {
  private static final Logger log = LoggerFactory.getLogger(RocksReadingStore.class);
  private static final long MAX_GROUP_BYTES = 4 << 20;

  /** What the writer is given. */
  private sealed interface Job {}

  /** What is written together with others. */
  private sealed interface Grouped extends Job permits Message, Exchange {
    int bytes();

    /** What is waiting for it. */
    CompletableFuture<?> future();

    /** Tells the outcome, once it is on disk. */
    void complete();
  }

  /** A message to be stored, encoded by the thread that brought it. */
  private static final class Message implements Grouped {
    final long deviceId;
    final int epoch;
    final long arrivedAtMillis;
    final byte[][] readings;
    final @Nullable SequenceClaim claim;
    private final int bytes;
    private final CompletableFuture<RecordOutcome> future = new CompletableFuture<>();
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

    @Override
    public int bytes() {
      return bytes;
    }

    @Override
    public CompletableFuture<RecordOutcome> future() {
      return future;
    }

    @Override
    public void complete() {
      future.complete(outcome);
    }
  }

  /** A sealed request to be committed. */
  private static final class Exchange implements Grouped {
    final SealedCommit commit;
    final @Nullable Message message;
    private final CompletableFuture<SealedOutcome> future = new CompletableFuture<>();
    @Nullable SealedOutcome outcome;

    Exchange(SealedCommit commit) {
      this.commit = commit;
      this.message = commit.readings().map(Message::new).orElse(null);
    }

    @Override
    public int bytes() {
      return RocksFiles.CLAIM_BYTES
          + RocksFiles.ANSWER_BYTES
          + commit.answer().length
          + (message == null ? 0 : message.bytes);
    }

    @Override
    public CompletableFuture<SealedOutcome> future() {
      return future;
    }

    @Override
    public void complete() {
      future.complete(Objects.requireNonNull(outcome));
    }
  }

  /** A number to be looked at. */
  private record Look(
      long deviceId,
      int series,
      SequenceClaim claim,
      long atMillis,
      boolean expectsWindow,
      CompletableFuture<SealedOutcome> found)
      implements Job {}

  /** Answers to be forgotten, from this key on. */
  @SuppressWarnings("ArrayRecordComponent") // handed on at once
  private record Sweep(byte[] from, long beforeMillis) implements Job {}

  /** A device to be forgotten. */
  private record Removal(long deviceId, CompletableFuture<Void> done) implements Job {}

  /** A look whether writing works again. */
  private record Retry() implements Job {}

  private final RocksFiles files;
  private final ReplayWindows windows;
  private final GroupCommit<Job> writer;
  private final StallWatch stalls;

  /** The writer's own: what goes into the write that is being put together. */
  private final List<Grouped> group = new ArrayList<>();

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
            job -> job instanceof Grouped grouped ? grouped.bytes() : 0,
            this::commit);
    this.stalls = new StallWatch(files);
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
    submit(message, message.future);
    return message.future;
  }

  @Override
  public CompletableFuture<SealedOutcome> commit(SealedCommit commit) {
    var exchange = new Exchange(commit);
    submit(exchange, exchange.future);
    return exchange.future;
  }

  @Override
  public CompletableFuture<SealedOutcome> look(
      long deviceId, int series, SequenceClaim claim, long atMillis, boolean expectsWindow) {
    var found = new CompletableFuture<SealedOutcome>();
    submit(new Look(deviceId, series, claim, atMillis, expectsWindow, found), found);
    return found;
  }

  private void submit(Job job, CompletableFuture<?> outcome) {
    try {
      writer.submit(job);
    } catch (DatabaseException e) {
      outcome.completeExceptionally(e);
    }
  }

  @Override
  public void deleteAnswersBefore(Instant cutoff) {
    writer.submit(new Sweep(new byte[0], cutoff.toEpochMilli()));
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
        case Grouped grouped -> group.add(grouped);
        case Removal removal -> {
          // What came before is written before, so that a removal finds it.
          writeGroup();
          remove(removal);
        }
        case Look look -> {
          writeGroup();
          look(look);
        }
        case Sweep sweep -> {
          writeGroup();
          sweep(sweep);
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
        switch (group.get(i)) {
          case Message message -> message.outcome = store(message, i, batch);
          case Exchange exchange -> exchange.outcome = exchange(exchange, i, batch);
        }
      }
      batch.write();
      group.forEach(Grouped::complete);
    } catch (RocksDBException | IOException | RuntimeException | Error e) {
      failure = String.valueOf(e.getMessage());
      windows.clear(); // they hold claims that were not written
      var fault = RocksHandle.fault("the readings were not stored: " + e.getMessage(), e);
      for (var grouped : group) {
        grouped.future().completeExceptionally(fault);
      }
    } finally {
      group.clear();
    }
  }

  private RecordOutcome store(Message message, int index, RocksFiles.Batch batch)
      throws RocksDBException {
    RecordOutcome outcome = claim(message, index, batch);
    if (outcome == RecordOutcome.STORED) {
      for (byte[] reading : message.readings) {
        batch.putReading(message.deviceId, message.arrivedAtMillis, reading);
      }
    }
    return outcome;
  }

  /** The number of the request first: nothing comes of a message that was here before. */
  private SealedOutcome exchange(Exchange exchange, int index, RocksFiles.Batch batch)
      throws RocksDBException {
    SealedCommit commit = exchange.commit;
    SealedOutcome judged =
        judge(
            commit.deviceId(),
            commit.series(),
            commit.claim(),
            commit.atMillis(),
            commit.expectsWindow(),
            index);
    if (!(judged instanceof SealedOutcome.Free)) {
      return judged;
    }
    Message message = exchange.message;
    RecordOutcome stored = message == null ? RecordOutcome.STORED : store(message, index, batch);
    if (message != null) {
      message.outcome = stored;
    }
    byte[] answer =
        switch (stored) {
          case STORED, DUPLICATE -> commit.answer();
          case CONFLICT, TOO_OLD -> commit.answerIfRefused();
        };
    if (commit.closesBelow()) {
      closeBelow(commit, batch);
    }
    windows.of(commit.deviceId(), commit.series()).use(commit.claim().sequence());
    batch.putClaim(commit.deviceId(), commit.series(), commit.claim());
    batch.putAnswer(commit, answer);
    return new SealedOutcome.Committed(answer);
  }

  private void closeBelow(SealedCommit commit, RocksFiles.Batch batch) throws RocksDBException {
    var window = windows.of(commit.deviceId(), commit.series());
    long sequence = commit.claim().sequence();
    for (long below = Math.max(1, sequence - WINDOW + 1); below < sequence; below++) {
      window.use(below);
      batch.putClaim(
          commit.deviceId(), commit.series(), new SequenceClaim(below, SequenceClaim.NO_BODY));
    }
  }

  /** What stands against a number, and what was answered under it. */
  private SealedOutcome judge(
      long deviceId,
      int series,
      SequenceClaim claim,
      long atMillis,
      boolean expectsWindow,
      int index)
      throws RocksDBException {
    var window = windows.of(deviceId, series);
    if (expectsWindow && window.isEmpty()) {
      return new SealedOutcome.WindowLost();
    }
    return switch (window.judge(claim.sequence())) {
      case FREE -> new SealedOutcome.Free(window.highest());
      case FORGOTTEN -> new SealedOutcome.BelowWindow();
      case USED -> {
        for (var earlier : group.subList(0, index)) {
          if (earlier instanceof Exchange exchange
              && exchange.commit.deviceId() == deviceId
              && exchange.commit.series() == series
              && exchange.commit.claim().sequence() == claim.sequence()
              && exchange.outcome instanceof SealedOutcome.Committed committed) {
            yield exchange.commit.claim().equals(claim)
                ? new SealedOutcome.Duplicate(committed.answer())
                : new SealedOutcome.Replayed(false);
          }
        }
        yield judgeUsed(deviceId, series, claim, atMillis);
      }
    };
  }

  private SealedOutcome judgeUsed(long deviceId, int series, SequenceClaim claim, long atMillis)
      throws RocksDBException {
    if (!files.bodyHash(deviceId, series, claim.sequence()).equals(claim.bodyHash())) {
      return new SealedOutcome.Replayed(false);
    }
    return files
        .answer(deviceId, series, claim.sequence())
        .filter(kept -> atMillis - kept.atMillis() <= ANSWERS_KEPT.toMillis())
        .<SealedOutcome>map(kept -> new SealedOutcome.Duplicate(kept.answer()))
        .orElseGet(() -> new SealedOutcome.Replayed(true));
  }

  private void look(Look look) {
    try {
      reopenIfFailed();
      look.found()
          .complete(
              judge(
                  look.deviceId(),
                  look.series(),
                  look.claim(),
                  look.atMillis(),
                  look.expectsWindow(),
                  0));
    } catch (RocksDBException | IOException | RuntimeException | Error e) {
      look.found().completeExceptionally(RocksHandle.fault("cannot look: " + e.getMessage(), e));
    }
  }

  private void sweep(Sweep sweep) {
    byte @Nullable [] next;
    try {
      reopenIfFailed();
      next = files.deleteAnswers(sweep.from(), sweep.beforeMillis());
    } catch (RocksDBException | IOException | RuntimeException e) {
      failure = String.valueOf(e.getMessage());
      return;
    }
    if (next != null) {
      try {
        writer.submit(new Sweep(next, sweep.beforeMillis()));
      } catch (DatabaseException e) {
        log.debug("answers=not_swept cause={}", e.getMessage()); // the next sweep begins anew
      }
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
      Message other =
          switch (earlier) {
            case Message plain -> plain;
            case Exchange exchange -> exchange.message;
          };
      if (other != null
          && other.deviceId == message.deviceId
          && other.epoch == message.epoch
          && other.claim != null
          && other.claim.sequence() == sequence
          && other.outcome == RecordOutcome.STORED) {
        return other.claim.bodyHash();
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
    stalls.close();
    files.close();
  }
}
