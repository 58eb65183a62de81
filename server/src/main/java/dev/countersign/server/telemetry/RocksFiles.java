// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import dev.countersign.protocol.Sha256;
import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.database.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;

/**
 * The three column families and their keys. All numbers are big-endian, so that the order of bytes
 * is the order of numbers.
 *
 * <pre>
 * readings  device:8 ‖ arrival in ms:8 ‖ number:8   →  see {@link ReadingCodec}
 * claims    device:8 ‖ epoch:4 ‖ sequence mod 64:1  →  sequence:8 ‖ SHA-256 of the body:32
 * answers   device:8 ‖ series:4 ‖ sequence mod 64:1  →  sequence:8 ‖ time in ms:8 ‖ answer
 * </pre>
 *
 * A series of sealed requests stands where others have their epoch, and is below 0. A claim takes
 * the place of the one that leaves the window for it, and nothing has to be deleted. Claims of
 * earlier epochs stay until the device is removed. The number keeps readings of one millisecond
 * apart and in order.
 */
final class RocksFiles implements AutoCloseable {
  static final int READING_KEY_BYTES = 3 * Long.BYTES;
  static final int CLAIM_PREFIX_BYTES = Long.BYTES + Integer.BYTES;
  private static final int CLAIM_KEY_BYTES = CLAIM_PREFIX_BYTES + 1;
  private static final int CLAIM_VALUE_BYTES = Long.BYTES + Sha256.BYTES;
  static final int CLAIM_BYTES = CLAIM_KEY_BYTES + CLAIM_VALUE_BYTES;
  private static final int ANSWER_PREFIX_BYTES = 2 * Long.BYTES;
  static final int ANSWER_BYTES = CLAIM_KEY_BYTES + ANSWER_PREFIX_BYTES;

  /** Looked at in one go, which takes the writer a few milliseconds. */
  private static final int ANSWERS_PER_SWEEP = 5_000;

  /** What opening may write: the log goes into tables then. */
  private static final int MEMTABLES_FREE_TO_REOPEN = 2;

  /** Devices whose old readings go in one write. */
  private static final int DEVICES_PER_DELETION = 1_000;

  private final Path directory;
  private final RocksLimits limits;

  /** A closed RocksDB takes the whole process down, so that nothing may use it while it closes. */
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  /** The one that is under way. */
  private final AtomicReference<@Nullable CompactRangeOptions> compaction = new AtomicReference<>();

  /**
   * To be read only where it cannot be opened to write; null once closed, and where it can be
   * opened for neither. Changed by the writer alone.
   */
  private @Nullable RocksHandle handle;

  private RocksFiles(Path directory, RocksLimits limits, RocksHandle handle) {
    this.directory = directory;
    this.limits = limits;
    this.handle = handle;
  }

  static RocksFiles open(Path directory, RocksLimits limits) {
    return new RocksFiles(directory, limits, RocksHandle.open(directory, limits));
  }

  /**
   * Opens the files anew. After a failed write RocksDB refuses all others, and its Java side has no
   * {@code resume()}. While the disk is full they stay open, so that they can be read; where it
   * fills up just when they are opened, they are opened to be read.
   *
   * @throws DatabaseException if that fails; it may be tried again
   */
  void reopen() throws IOException {
    requireRoom();
    cancelCompaction();
    lock.writeLock().lock();
    try {
      closeHandle();
      handle = RocksHandle.open(directory, limits);
    } catch (DatabaseException e) {
      openToRead(e);
      throw e;
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void requireRoom() throws IOException {
    long free = Files.getFileStore(directory).getUsableSpace();
    long needed = MEMTABLES_FREE_TO_REOPEN * limits.memtableBytes();
    if (free < needed) {
      throw new DiskFullException(
          "the disk is full: expected %d bytes free for %s, got %d"
              .formatted(needed, directory, free));
    }
  }

  private void openToRead(DatabaseException cause) {
    try {
      handle = RocksHandle.openToRead(directory, limits);
    } catch (DatabaseException e) {
      cause.addSuppressed(e);
    }
  }

  private RocksHandle handle() {
    if (handle == null) {
      throw new DatabaseException("the store is closed");
    }
    return handle;
  }

  /** What is written together. For one thread, between opening and closing it. */
  final class Batch implements AutoCloseable {
    private final RocksHandle rocks = handle();
    private final WriteBatch batch = new WriteBatch();
    private final ByteBuffer readingKey = ByteBuffer.allocate(READING_KEY_BYTES);
    private final ByteBuffer claimKey = ByteBuffer.allocate(CLAIM_KEY_BYTES);
    private final ByteBuffer claimValue = ByteBuffer.allocate(CLAIM_VALUE_BYTES);

    /**
     * RocksDB counts every key ever written. Beginning at its count, and using up at least one per
     * reading, numbers never come twice and need not be stored.
     */
    private long number = rocks.db.getLatestSequenceNumber();

    void putReading(long deviceId, long arrivedAtMillis, byte[] value) throws RocksDBException {
      readingKey.clear().putLong(deviceId).putLong(arrivedAtMillis).putLong(++number);
      batch.put(rocks.readings, readingKey.array(), value);
    }

    void putClaim(long deviceId, int epoch, SequenceClaim claim) throws RocksDBException {
      claimKey.clear().putLong(deviceId).putInt(epoch).put(slot(claim.sequence()));
      claimValue.clear().putLong(claim.sequence()).put(claim.bodyHash().bytes());
      batch.put(rocks.claims, claimKey.array(), claimValue.array());
    }

    void putAnswer(SealedCommit commit, byte[] answer) throws RocksDBException {
      long sequence = commit.claim().sequence();
      claimKey.clear().putLong(commit.deviceId()).putInt(commit.series()).put(slot(sequence));
      var value = ByteBuffer.allocate(ANSWER_PREFIX_BYTES + answer.length);
      value.putLong(sequence).putLong(commit.atMillis()).put(answer);
      batch.put(rocks.answers, claimKey.array(), value.array());
    }

    /** On disk when it returns. */
    void write() throws RocksDBException, IOException {
      if (batch.count() == 0) {
        return;
      }
      try {
        rocks.db.write(rocks.synced, batch);
      } catch (RocksDBException e) {
        if (rocks.endsWrites) {
          requireRoom(); // which is then the reason
        }
        throw e;
      }
    }

    @Override
    public void close() {
      batch.close();
    }
  }

  Batch startBatch() {
    return new Batch();
  }

  long[] claimedSequences(long deviceId, int epoch) throws RocksDBException {
    var rocks = handle();
    byte[] prefix = ByteBuffer.allocate(CLAIM_PREFIX_BYTES).putLong(deviceId).putInt(epoch).array();
    var sequences = new long[ReadingStore.WINDOW];
    int count = 0;
    try (var options = new ReadOptions().setPrefixSameAsStart(true);
        var iterator = rocks.db.newIterator(rocks.claims, options)) {
      for (iterator.seek(prefix); iterator.isValid(); iterator.next()) {
        sequences[count++] = ByteBuffer.wrap(iterator.value()).getLong();
      }
      iterator.status();
    }
    return Arrays.copyOf(sequences, count);
  }

  /** The body under a claim that is known to be there. */
  Sha256 bodyHash(long deviceId, int epoch, long sequence) throws RocksDBException {
    var key = ByteBuffer.allocate(CLAIM_KEY_BYTES).putLong(deviceId).putInt(epoch);
    var rocks = handle();
    byte[] value = rocks.db.get(rocks.claims, key.put(slot(sequence)).array());
    if (value == null || ByteBuffer.wrap(value).getLong() != sequence) {
      throw new DatabaseException("the claim of a used sequence number is missing");
    }
    return Sha256.wrap(Arrays.copyOfRange(value, Long.BYTES, CLAIM_VALUE_BYTES));
  }

  /** An answer and when its request came. */
  @SuppressWarnings("ArrayRecordComponent") // handed on at once
  record KeptAnswer(long atMillis, byte[] answer) {}

  /** The answer that was given under this number, if it is kept. */
  Optional<KeptAnswer> answer(long deviceId, int series, long sequence) throws RocksDBException {
    var key = ByteBuffer.allocate(CLAIM_KEY_BYTES).putLong(deviceId).putInt(series);
    var rocks = handle();
    byte[] value = rocks.db.get(rocks.answers, key.put(slot(sequence)).array());
    if (value == null) {
      return Optional.empty();
    }
    var in = ByteBuffer.wrap(value);
    return in.getLong() == sequence
        ? Optional.of(
            new KeptAnswer(
                in.getLong(), Arrays.copyOfRange(value, ANSWER_PREFIX_BYTES, value.length)))
        : Optional.empty();
  }

  /**
   * Deletes some answers of before this time, from this key on. For the writer, so that none is
   * written over meanwhile.
   *
   * @return where to go on; null at the end
   */
  byte @Nullable [] deleteAnswers(byte[] from, long beforeMillis) throws RocksDBException {
    var rocks = handle();
    try (var batch = new WriteBatch();
        var options = new ReadOptions().setTotalOrderSeek(true);
        var iterator = rocks.db.newIterator(rocks.answers, options)) {
      int seen = 0;
      for (iterator.seek(from); iterator.isValid() && seen < ANSWERS_PER_SWEEP; iterator.next()) {
        seen++;
        if (ByteBuffer.wrap(iterator.value()).getLong(Long.BYTES) < beforeMillis) {
          batch.delete(rocks.answers, iterator.key());
        }
      }
      iterator.status();
      byte[] next = iterator.isValid() ? iterator.key() : null;
      if (batch.count() > 0) {
        rocks.db.write(rocks.synced, batch);
      }
      return next;
    }
  }

  private static byte slot(long sequence) {
    return (byte) (sequence % ReadingStore.WINDOW);
  }

  void removeDevice(long deviceId) throws RocksDBException {
    var rocks = handle();
    try (var batch = new WriteBatch()) {
      batch.deleteRange(rocks.readings, deviceKey(deviceId), deviceKey(deviceId + 1));
      batch.deleteRange(rocks.claims, deviceKey(deviceId), deviceKey(deviceId + 1));
      batch.deleteRange(rocks.answers, deviceKey(deviceId), deviceKey(deviceId + 1));
      rocks.db.write(rocks.synced, batch);
    }
  }

  List<StoredReading> latest(long deviceId, int limit) {
    byte[] end = deviceKey(deviceId + 1);
    return use(rocks -> {
      var found = new ArrayList<StoredReading>();
      try (var lower = new Slice(deviceKey(deviceId));
          var options = new ReadOptions().setIterateLowerBound(lower);
          var iterator = rocks.db.newIterator(rocks.readings, options)) {
        for (iterator.seekForPrev(end);
            iterator.isValid() && found.size() < limit;
            iterator.prev()) {
          found.add(reading(iterator));
        }
        iterator.status();
      }
      return found;
    });
  }

  List<StoredReading> between(long deviceId, Instant from, Instant to, int limit) {
    return use(rocks -> {
      var found = new ArrayList<StoredReading>();
      try (var upper = new Slice(arrivalKey(deviceId, millis(to)));
          var options = new ReadOptions().setIterateUpperBound(upper);
          var iterator = rocks.db.newIterator(rocks.readings, options)) {
        for (iterator.seek(arrivalKey(deviceId, millis(from)));
            iterator.isValid() && found.size() < limit;
            iterator.next()) {
          found.add(reading(iterator));
        }
        iterator.status();
      }
      return found;
    });
  }

  private static StoredReading reading(RocksIterator at) {
    long arrival = ByteBuffer.wrap(at.key()).getLong(Long.BYTES);
    return ReadingCodec.decode(at.value(), Instant.ofEpochMilli(arrival));
  }

  /** Deletes in several writes, so that a close need not wait for all of them. */
  long deleteBefore(Instant cutoff) {
    long end = millis(cutoff);
    long touched = 0;
    var next = new NextDevice();
    while (!next.exhausted) {
      touched += use(rocks -> deleteSome(rocks, next, end));
    }
    return touched;
  }

  /** How far a deletion has come. */
  private static final class NextDevice {
    long id;
    boolean exhausted;
  }

  private static int deleteSome(RocksHandle rocks, NextDevice next, long endMillis)
      throws RocksDBException {
    try (var batch = new WriteBatch();
        var iterator = rocks.db.newIterator(rocks.readings)) {
      while (batch.count() < DEVICES_PER_DELETION) {
        iterator.seek(deviceKey(next.id));
        if (!iterator.isValid()) {
          iterator.status();
          next.exhausted = true;
          break;
        }
        var oldest = ByteBuffer.wrap(iterator.key());
        long deviceId = oldest.getLong();
        if (oldest.getLong() < endMillis) {
          batch.deleteRange(rocks.readings, deviceKey(deviceId), arrivalKey(deviceId, endMillis));
        }
        next.id = deviceId + 1;
      }
      rocks.db.write(rocks.synced, batch);
      return batch.count();
    }
  }

  Optional<Instant> oldest() {
    return use(rocks -> {
      long oldest = Long.MAX_VALUE;
      try (var iterator = rocks.db.newIterator(rocks.readings)) {
        for (iterator.seekToFirst(); iterator.isValid(); ) {
          var key = ByteBuffer.wrap(iterator.key());
          long deviceId = key.getLong();
          oldest = Math.min(oldest, key.getLong());
          iterator.seek(deviceKey(deviceId + 1));
        }
        iterator.status();
      }
      return oldest == Long.MAX_VALUE
          ? Optional.empty()
          : Optional.of(Instant.ofEpochMilli(oldest));
    });
  }

  long bytes() {
    return use(rocks -> rocks.db.getAggregatedLongProperty("rocksdb.total-sst-files-size"));
  }

  /** Deletions are marks until their files are merged with those they apply to. */
  void compact() {
    try (var options = new CompactRangeOptions()) {
      compaction.set(options);
      use(rocks -> {
        rocks.db.compactRange(rocks.readings, null, null, options);
        return options;
      });
    } finally {
      compaction.set(null);
    }
  }

  /** Whether writes wait for what has failed in the background, and nobody works on it. */
  boolean isStalled() {
    return look(rocks ->
        rocks.db.getLongProperty("rocksdb.is-write-stopped") > 0
            && rocks.db.getLongProperty("rocksdb.background-errors") > 0
            && rocks.db.getLongProperty("rocksdb.num-running-flushes") == 0
            && rocks.db.getLongProperty("rocksdb.num-running-compactions") == 0);
  }

  /** Makes writes fail, until this is opened anew. */
  void endWrites() {
    look(rocks -> {
      rocks.endsWrites = true;
      rocks.db.cancelAllBackgroundWork(false);
      return true;
    });
  }

  /**
   * Takes no turn behind who waits to open this anew, since that one may wait for a write that
   * waits. False where it is not open, or is being opened, or cannot be asked.
   */
  private boolean look(Use<Boolean> use) {
    if (!lock.readLock().tryLock()) {
      return false;
    }
    try {
      return handle != null && use.of(handle);
    } catch (RocksDBException e) {
      return false;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Whoever wants to close need not wait for a compaction. */
  private void cancelCompaction() {
    CompactRangeOptions running = compaction.get();
    if (running != null) {
      running.setCanceled(true);
    }
  }

  private static byte[] deviceKey(long deviceId) {
    return ByteBuffer.allocate(Long.BYTES).putLong(deviceId).array();
  }

  private static byte[] arrivalKey(long deviceId, long millis) {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(deviceId).putLong(millis).array();
  }

  /** Arrivals are after 1970; a limit of a search may be anything. */
  private static long millis(Instant at) {
    if (at.isBefore(Instant.EPOCH)) {
      return 0;
    }
    return at.getEpochSecond() > Long.MAX_VALUE / 1_000 - 1 ? Long.MAX_VALUE : at.toEpochMilli();
  }

  private interface Use<T> {
    T of(RocksHandle rocks) throws RocksDBException;
  }

  /** For every thread but the writer's. */
  private <T> T use(Use<T> use) {
    lock.readLock().lock();
    try {
      return use.of(handle());
    } catch (RocksDBException e) {
      throw new DatabaseException("cannot use the readings: " + e.getMessage(), e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The writer must have ended. */
  @Override
  public void close() {
    cancelCompaction();
    lock.writeLock().lock();
    try {
      closeHandle();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void closeHandle() {
    if (handle != null) {
      handle.close();
      handle = null;
    }
  }
}
