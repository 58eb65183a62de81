// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.journal;

import dev.countersign.server.database.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/** Keeps the journal. Entries of a device go with the device. */
public interface JournalStore {
  /** The same attempt within this time is one entry that counts. */
  Duration MERGED_WITHIN = Duration.ofHours(1);

  /**
   * Adds an entry, or counts it in one of the same attempt that is not older than {@link
   * #MERGED_WITHIN}.
   *
   * @param deviceId of the device it belongs to, empty if it is unattributed
   */
  void add(Transaction tx, OptionalLong deviceId, JournalEntry entry);

  /** Entries of a device, proven and claimed, the newest first. */
  List<JournalEntry> ofDevice(Transaction tx, long deviceId, int limit);

  /** Entries that belong to no device, the newest first. */
  List<JournalEntry> unattributed(Transaction tx, int limit);

  /** Deletes what is too much for one device, the oldest first. */
  void trimDevice(Transaction tx, long deviceId, int maxPerAttribution);

  /** Deletes what is too much of one kind, the oldest first. */
  void trim(Transaction tx, Attribution attribution, int max);

  /** Deletes what was last seen before this. */
  void deleteBefore(Transaction tx, Instant cutoff);
}
