// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.disk;

/**
 * When a disk counts as low, and when as full. A limit of 0 is none.
 *
 * @param warnFreeBytes below this it is low
 * @param warnFreePercent below this part of the file system it is low
 * @param stopFreeBytes below this it is full
 */
public record DiskLimits(long warnFreeBytes, int warnFreePercent, long stopFreeBytes) {
  /** Better by a tenth, before the state is: at the edge it would come and go. */
  private static final int MARGIN = 10;

  public DiskLimits {
    if (warnFreeBytes < 0 || warnFreePercent < 0 || warnFreePercent > 99 || stopFreeBytes < 0) {
      throw new IllegalArgumentException("expected limits of at least 0, and less than 100 %");
    }
  }

  /** The state of a file system that was in this state before. */
  DiskState judge(FreeSpace space, DiskState before) {
    long stop = withMargin(stopFreeBytes, before == DiskState.FULL);
    long warn =
        withMargin(
            Math.max(warnFreeBytes, space.totalBytes() / 100 * warnFreePercent),
            before != DiskState.ROOM);
    if (space.freeBytes() < stop) {
      return DiskState.FULL;
    }
    return space.freeBytes() < warn ? DiskState.LOW : DiskState.ROOM;
  }

  private static long withMargin(long limit, boolean isWorse) {
    return isWorse ? limit + limit / MARGIN : limit;
  }
}
