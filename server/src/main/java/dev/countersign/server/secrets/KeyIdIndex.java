// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import dev.countersign.protocol.keys.KeyId;
import java.util.Arrays;

/**
 * Which key ids exist, in 16 bytes for each: a million devices take 16 to 32 MB. A stranger who
 * makes ids up is answered from here: he neither reaches the database nor pushes devices out of a
 * cache, and an unknown id costs what one costs whose device is at hand.
 *
 * <p>Ids are added and never taken out; a stale one costs a look into the database. Thread-safe.
 */
final class KeyIdIndex {
  private static final int SMALLEST = 1024;
  private static final int MULTIPLIER_SHIFT = 32;
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L; // 2^64 divided by the golden ratio

  /** Open addressing with linear probing; 0 is free, since entries have a bit above the id. */
  private volatile long[] table = new long[SMALLEST];

  private int size;

  boolean contains(KeyId keyId) {
    long entry = entry(keyId);
    long[] now = table;
    for (int i = slot(entry, now.length); ; i = (i + 1) & (now.length - 1)) {
      if (now[i] == entry) {
        return true;
      }
      if (now[i] == 0) {
        return false;
      }
    }
  }

  synchronized void add(KeyId keyId) {
    long entry = entry(keyId);
    // Never more than half full, so that a probe ends soon.
    long[] next = 2 * (size + 1) > table.length ? grown(table) : table;
    if (put(next, entry)) {
      size++;
    }
    table = next; // publishes the entry to readers
  }

  private static long[] grown(long[] before) {
    var next = new long[2 * before.length];
    Arrays.stream(before).filter(entry -> entry != 0).forEach(entry -> put(next, entry));
    return next;
  }

  private static boolean put(long[] into, long entry) {
    for (int i = slot(entry, into.length); ; i = (i + 1) & (into.length - 1)) {
      if (into[i] == entry) {
        return false;
      }
      if (into[i] == 0) {
        into[i] = entry;
        return true;
      }
    }
  }

  private static long entry(KeyId keyId) {
    long entry = 1;
    for (byte b : keyId.bytes()) {
      entry = entry << 8 | (b & 0xff);
    }
    return entry;
  }

  private static int slot(long entry, int slots) {
    return (int) ((entry * MULTIPLIER) >>> MULTIPLIER_SHIFT) & (slots - 1);
  }
}
