// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.database.DiskFullException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteOptions;

/** An open RocksDB with its three column families. Native memory: not to be used once closed. */
final class RocksHandle implements AutoCloseable {
  final RocksDB db;
  final ColumnFamilyHandle readings;
  final ColumnFamilyHandle claims;
  final ColumnFamilyHandle answers;

  /** On disk when the write returns. */
  final WriteOptions synced = new WriteOptions().setSync(true);

  /** Whether writes were made to fail. */
  volatile boolean endsWrites;

  private final RocksSettings settings;

  private RocksHandle(RocksDB db, List<ColumnFamilyHandle> families, RocksSettings settings) {
    this.db = db;
    this.readings = families.get(RocksSettings.READINGS);
    this.claims = families.get(RocksSettings.CLAIMS);
    this.answers = families.get(RocksSettings.ANSWERS);
    this.settings = settings;
  }

  /**
   * Opens or creates the files.
   *
   * @throws DatabaseException if that fails, or another process has them open
   */
  static RocksHandle open(Path directory, RocksLimits limits) {
    return open(directory, limits, RocksDB::open);
  }

  /**
   * Opens files as they are. Needs no room on the disk: what is only in the log is kept in memory.
   *
   * @throws DatabaseException if that fails
   */
  static RocksHandle openToRead(Path directory, RocksLimits limits) {
    return open(directory, limits, RocksDB::openReadOnly);
  }

  /** One of the ways in which RocksDB opens files. */
  @FunctionalInterface
  private interface Opening {
    RocksDB open(
        DBOptions options,
        String directory,
        List<ColumnFamilyDescriptor> families,
        List<ColumnFamilyHandle> opened)
        throws RocksDBException;
  }

  private static RocksHandle open(Path directory, RocksLimits limits, Opening opening) {
    RocksDB.loadLibrary();
    var settings = new RocksSettings(limits);
    var families = new ArrayList<ColumnFamilyHandle>();
    try {
      Files.createDirectories(directory);
      var db =
          opening.open(settings.options(), directory.toString(), settings.families(), families);
      return new RocksHandle(db, families, settings);
    } catch (RocksDBException | IOException e) {
      settings.close();
      String message = String.valueOf(e.getMessage());
      throw fault(
          message.contains("lock")
              ? directory + " is in use: expected no other server on this data directory"
              : "cannot open " + directory + ": " + message,
          e);
    }
  }

  /** What to throw for this cause. */
  static DatabaseException fault(String message, Throwable cause) {
    boolean full =
        cause instanceof DiskFullException
            || (cause instanceof RocksDBException e
                && e.getStatus() != null
                && e.getStatus().getSubCode() == Status.SubCode.NoSpace);
    return full ? new DiskFullException(message, cause) : new DatabaseException(message, cause);
  }

  @Override
  public void close() {
    readings.close();
    claims.close();
    answers.close();
    db.close();
    synced.close();
    settings.close();
  }
}
