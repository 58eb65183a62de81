// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.telemetry;

/**
 * How much may wait on the device.
 *
 * @param maxBytes on disk, of readings that are not acknowledged; up to one segment more is used
 * @param maxEntries entries (of {@link Entry}) that are not acknowledged
 */
public record QueueLimits(long maxBytes, long maxEntries) {
  /** Below this one full message would not fit. */
  public static final long MIN_BYTES = 128 * 1024;

  /** A day of a reading a second, some 40 bytes each, takes 4 MiB; this is half a month. */
  public static final QueueLimits STANDARD = new QueueLimits(64L << 20, 1_000_000);

  private static final long MAX_SEGMENT_BYTES = 4L << 20;
  private static final int SEGMENTS = 8;

  public QueueLimits {
    if (maxBytes < MIN_BYTES) {
      throw new IllegalArgumentException(
          "expected a limit of at least " + MIN_BYTES + " bytes, got " + maxBytes);
    }
    if (maxEntries < 1) {
      throw new IllegalArgumentException("expected at least 1 entry, got " + maxEntries);
    }
  }

  /** A file of the queue ends at about this size. */
  long segmentBytes() {
    return Math.min(MAX_SEGMENT_BYTES, maxBytes / SEGMENTS);
  }
}
