// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import dev.countersign.protocol.Sha256;
import dev.countersign.server.database.DatabaseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The two column families and their keys. All numbers are big-endian, so that the order of bytes is
 * the order of numbers.
 *
 * <pre>
 * readings  device:8 ‖ arrival in ms:8 ‖ number:8   →  see {@link ReadingCodec}
 * claims    device:8 ‖ epoch:4 ‖ sequence mod 64:1  →  sequence:8 ‖ SHA-256 of the body:32
 * </pre>
 *
 * A claim so takes the place of the one that leaves the window for it, and nothing has to be
 * deleted. Claims of earlier epochs stay until the device is removed. The number keeps readings of
 * one millisecond apart and in order.
 */
final class RocksFiles implements AutoCloseable {
  static final int READING_KEY_BYTES = 3 * Long.BYTES;
  static final int CLAIM_PREFIX_BYTES = Long.BYTES + Integer.BYTES;
  private static final int CLAIM_KEY_BYTES = CLAIM_PREFIX_BYTES + 1;
  private static final int CLAIM_VALUE_BYTES = Long.BYTES + Sha256.BYTES;
  static final int CLAIM_BYTES = CLAIM_KEY_BYTES + CLAIM_VALUE_BYTES;

  /** Devices whose old readings go in one write. */
  private static final int DEVICES_PER_DELETION = 1_000;

  private final RocksSettings settings;
  private final RocksDB db;
  private final ColumnFamilyHandle readings;
  private final ColumnFamilyHandle claims;
  private final WriteOptions synced = new WriteOptions().setSync(true);

  /** A closed RocksDB takes the whole process down, so that nothing may use it while it closes. */
  private final ReadWriteLock open = new ReentrantReadWriteLock();

  private boolean closed;

  private RocksFiles(
      RocksSettings settings, RocksDB db, ColumnFamilyHandle readings, ColumnFamilyHandle claims) {
    this.settings = settings;
    this.db = db;
    this.readings = readings;
    this.claims = claims;
  }

  static RocksFiles open(Path directory, RocksLimits limits) {
    RocksDB.loadLibrary();
    var settings = new RocksSettings(limits);
    var handles = new ArrayList<ColumnFamilyHandle>();
    try {
      Files.createDirectories(directory);
      var db = RocksDB.open(settings.options(), directory.toString(), settings.families(), handles);
      return new RocksFiles(
          settings, db, handles.get(RocksSettings.READINGS), handles.get(RocksSettings.CLAIMS));
    } catch (RocksDBException | IOException e) {
      settings.close();
      String message = String.valueOf(e.getMessage());
      throw new DatabaseException(
          message.contains("lock")
              ? directory + " is in use: expected no other server on this data directory"
              : "cannot open " + directory + ": " + message,
          e);
    }
  }

  /** What is written together. For one thread, between opening and closing it. */
  final class Batch implements AutoCloseable {
    private final WriteBatch batch = new WriteBatch();
    private final ByteBuffer readingKey = ByteBuffer.allocate(READING_KEY_BYTES);
    private final ByteBuffer claimKey = ByteBuffer.allocate(CLAIM_KEY_BYTES);
    private final ByteBuffer claimValue = ByteBuffer.allocate(CLAIM_VALUE_BYTES);

    /**
     * RocksDB counts every key ever written. Beginning at its count, and using up at least one per
     * reading, numbers never come twice and need not be stored.
     */
    private long number = db.getLatestSequenceNumber();

    void putReading(long deviceId, long arrivedAtMillis, byte[] value) throws RocksDBException {
      readingKey.clear().putLong(deviceId).putLong(arrivedAtMillis).putLong(++number);
      batch.put(readings, readingKey.array(), value);
    }

    void putClaim(long deviceId, int epoch, SequenceClaim claim) throws RocksDBException {
      claimKey.clear().putLong(deviceId).putInt(epoch).put(slot(claim.sequence()));
      claimValue.clear().putLong(claim.sequence()).put(claim.bodyHash().bytes());
      batch.put(claims, claimKey.array(), claimValue.array());
    }

    /** On disk when it returns. */
    void write() throws RocksDBException {
      if (batch.count() > 0) {
        db.write(synced, batch);
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
    byte[] prefix = ByteBuffer.allocate(CLAIM_PREFIX_BYTES).putLong(deviceId).putInt(epoch).array();
    var sequences = new long[ReadingStore.WINDOW];
    int count = 0;
    try (var options = new ReadOptions().setPrefixSameAsStart(true);
        var iterator = db.newIterator(claims, options)) {
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
    byte[] value = db.get(claims, key.put(slot(sequence)).array());
    if (value == null || ByteBuffer.wrap(value).getLong() != sequence) {
      throw new DatabaseException("the claim of a used sequence number is missing");
    }
    return Sha256.wrap(Arrays.copyOfRange(value, Long.BYTES, CLAIM_VALUE_BYTES));
  }

  private static byte slot(long sequence) {
    return (byte) (sequence % ReadingStore.WINDOW);
  }

  void removeDevice(long deviceId) throws RocksDBException {
    try (var batch = new WriteBatch()) {
      batch.deleteRange(readings, deviceKey(deviceId), deviceKey(deviceId + 1));
      batch.deleteRange(claims, deviceKey(deviceId), deviceKey(deviceId + 1));
      db.write(synced, batch);
    }
  }

  List<StoredReading> latest(long deviceId, int limit) {
    byte[] end = deviceKey(deviceId + 1);
    return use(() -> {
      var found = new ArrayList<StoredReading>();
      try (var lower = new Slice(deviceKey(deviceId));
          var options = new ReadOptions().setIterateLowerBound(lower);
          var iterator = db.newIterator(readings, options)) {
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
    return use(() -> {
      var found = new ArrayList<StoredReading>();
      try (var upper = new Slice(arrivalKey(deviceId, millis(to)));
          var options = new ReadOptions().setIterateUpperBound(upper);
          var iterator = db.newIterator(readings, options)) {
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
      touched += use(() -> deleteSome(next, end));
    }
    return touched;
  }

  /** How far a deletion has come. */
  private static final class NextDevice {
    long id;
    boolean exhausted;
  }

  private int deleteSome(NextDevice next, long endMillis) throws RocksDBException {
    try (var batch = new WriteBatch();
        var iterator = db.newIterator(readings)) {
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
          batch.deleteRange(readings, deviceKey(deviceId), arrivalKey(deviceId, endMillis));
        }
        next.id = deviceId + 1;
      }
      db.write(synced, batch);
      return batch.count();
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
    T run() throws RocksDBException;
  }

  private <T> T use(Use<T> use) {
    open.readLock().lock();
    try {
      if (closed) {
        throw new DatabaseException("the store is closed");
      }
      return use.run();
    } catch (RocksDBException e) {
      throw new DatabaseException("cannot use the readings: " + e.getMessage(), e);
    } finally {
      open.readLock().unlock();
    }
  }

  /** The writer must have ended. */
  @Override
  public void close() {
    open.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        readings.close();
        claims.close();
        db.close();
        synced.close();
        settings.close();
      }
    } finally {
      open.writeLock().unlock();
    }
  }
}
