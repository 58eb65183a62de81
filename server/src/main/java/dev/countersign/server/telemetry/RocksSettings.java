// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;

/** How RocksDB is set up. Native memory, to be closed after the database. */
final class RocksSettings implements AutoCloseable {
  /** Places in {@link #families}; RocksDB insists on its default one. */
  static final int READINGS = 1;

  static final int CLAIMS = 2;
  static final int ANSWERS = 3;

  /** What was deleted gives its room back by then, also where nothing else would merge it. */
  private static final Duration ROOM_BACK_WITHIN = Duration.ofDays(30);

  private static final long MIB = 1 << 20;
  private static final long MAX_LOG_BYTES = 256 * MIB;
  private static final int MAX_OPEN_FILES = 1_000;

  /** To be written over; each is about as large as a memtable. */
  private static final long LOGS_KEPT = 4;

  /** RocksDB's own messages, of which there should be few. */
  private static final long MAX_INFO_LOG_BYTES = MIB;

  /** One percent of false positives. */
  private static final double BLOOM_BITS_PER_KEY = 10;

  private static final double MEMTABLE_BLOOM_RATIO = 0.05;

  private final LRUCache cache;
  private final BloomFilter bloom = new BloomFilter(BLOOM_BITS_PER_KEY);
  private final ColumnFamilyOptions unused = new ColumnFamilyOptions();
  private final ColumnFamilyOptions readings;
  private final ColumnFamilyOptions claims;
  private final ColumnFamilyOptions answers;
  private final DBOptions options;

  RocksSettings(RocksLimits limits) {
    cache = new LRUCache(limits.blockCacheBytes());
    readings =
        withInsertHints(Long.BYTES)
            .setWriteBufferSize(limits.memtableBytes())
            .setPeriodicCompactionSeconds(ROOM_BACK_WITHIN.toSeconds())
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setBottommostCompressionType(CompressionType.ZSTD_COMPRESSION)
            .setTableFormatConfig(new BlockBasedTableConfig().setBlockCache(cache));
    // A device that is not at hand costs one look at a filter, not one into every table.
    claims = byDeviceAndSeries(limits);
    answers = byDeviceAndSeries(limits);
    options =
        new DBOptions()
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setMaxTotalWalSize(MAX_LOG_BYTES)
            // A log that is written over needs no new blocks and no new length, which a sync would
            // have to bring to disk as well. Every write is synced, so that what a crash leaves of
            // an older log can only follow the last acknowledged record.
            .setRecycleLogFileNum(LOGS_KEPT)
            // All families at once, or a log would be needed for claims long after its readings are
            // in tables: that would be logs to replay at a start, and none to write over.
            .setAtomicFlush(true)
            .setMaxOpenFiles(MAX_OPEN_FILES)
            .setBytesPerSync(MIB)
            .setSkipStatsUpdateOnDbOpen(true)
            .setStatsDumpPeriodSec(0)
            .setStatsPersistPeriodSec(0)
            .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
            .setMaxLogFileSize(MAX_INFO_LOG_BYTES)
            .setKeepLogFileNum(2);
  }

  private ColumnFamilyOptions byDeviceAndSeries(RocksLimits limits) {
    return withInsertHints(RocksFiles.CLAIM_PREFIX_BYTES)
        .setWriteBufferSize(limits.memtableBytes())
        .useFixedLengthPrefixExtractor(RocksFiles.CLAIM_PREFIX_BYTES)
        .setMemtablePrefixBloomSizeRatio(MEMTABLE_BLOOM_RATIO)
        .setTableFormatConfig(
            new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(bloom));
  }

  /**
   * Where a device's last reading or claim went, its next one goes beside: without that hint the
   * search for the place was a third of the writer's time. The Java side has no method for it.
   */
  private static ColumnFamilyOptions withInsertHints(int prefixBytes) {
    var properties = new Properties();
    properties.setProperty(
        "memtable_insert_with_hint_prefix_extractor", "rocksdb.FixedPrefix." + prefixBytes);
    var options = ColumnFamilyOptions.getColumnFamilyOptionsFromProps(properties);
    if (options == null) {
      throw new IllegalStateException("RocksDB does not know " + properties);
    }
    return options;
  }

  DBOptions options() {
    return options;
  }

  List<ColumnFamilyDescriptor> families() {
    return List.of(
        new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, unused),
        new ColumnFamilyDescriptor("readings".getBytes(UTF_8), readings),
        new ColumnFamilyDescriptor("claims".getBytes(UTF_8), claims),
        new ColumnFamilyDescriptor("answers".getBytes(UTF_8), answers));
  }

  @Override
  public void close() {
    options.close();
    answers.close();
    claims.close();
    readings.close();
    unused.close();
    bloom.close();
    cache.close();
  }
}
