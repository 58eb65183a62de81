// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import java.util.LinkedHashMap;
import java.util.Map;
import org.rocksdb.RocksDBException;

/**
 * The replay windows of those that sent last, and the way to those of the others. For the writer
 * thread alone.
 *
 * <p>A window that is at hand may be ahead of the disk by the group that is being written. It must
 * stay at hand until then; so the limit is at least the size of a group, and no two enrolments of a
 * device share a place.
 */
final class ReplayWindows {
  /** Where windows come from that are not at hand. */
  interface Source {
    /** The sequence numbers claimed in this device's epoch that are still kept, in any order. */
    long[] claimedSequences(long deviceId, int epoch) throws RocksDBException;
  }

  private static final float LOAD_FACTOR = 0.75f;

  private record Enrolment(long deviceId, int epoch) {}

  private final Source source;
  private final Map<Enrolment, ReplayWindow> windows;

  ReplayWindows(int limit, Source source) {
    this.source = source;
    this.windows =
        new LinkedHashMap<>(16, LOAD_FACTOR, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Enrolment, ReplayWindow> eldest) {
            return size() > limit;
          }
        };
  }

  ReplayWindow of(long deviceId, int epoch) throws RocksDBException {
    var enrolment = new Enrolment(deviceId, epoch);
    ReplayWindow window = windows.get(enrolment);
    if (window == null) {
      window = new ReplayWindow();
      for (long sequence : source.claimedSequences(deviceId, epoch)) {
        window.use(sequence);
      }
      windows.put(enrolment, window);
    }
    return window;
  }

  void forget(long deviceId) {
    windows.keySet().removeIf(enrolment -> enrolment.deviceId() == deviceId);
  }

  void clear() {
    windows.clear();
  }
}
