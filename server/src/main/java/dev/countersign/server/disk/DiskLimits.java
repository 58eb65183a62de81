// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.disk;

/**
 * When a disk counts as low, and when as full. Of each pair the smaller one counts: bytes on a
 * large file system, of which a percentage would be more than anybody needs, and the percentage on
 * a small one, of which so many bytes would be all.
 *
 * @param warnFreeBytes below this it is low; 0 for never
 * @param warnFreePercent the same as a part of the file system
 * @param stopFreeBytes below this it is full; 0 for never
 * @param stopFreePercent the same as a part of the file system
 */
public record DiskLimits(
    long warnFreeBytes, int warnFreePercent, long stopFreeBytes, int stopFreePercent) {
  /** Better by a tenth, before the state is: at the edge it would come and go. */
  private static final int MARGIN = 10;

  public DiskLimits {
    if (warnFreeBytes < 0
        || stopFreeBytes < 0
        || !isPercent(warnFreePercent)
        || !isPercent(stopFreePercent)) {
      throw new IllegalArgumentException("expected limits of at least 0, and at most 100 %");
    }
  }

  private static boolean isPercent(int number) {
    return number >= 0 && number <= 100;
  }

  /** The state of a file system that was in this state before. */
  DiskState judge(FreeSpace space, DiskState before) {
    long percent = space.totalBytes() / 100;
    long stop =
        withMargin(Math.min(stopFreeBytes, percent * stopFreePercent), before == DiskState.FULL);
    long warn =
        withMargin(Math.min(warnFreeBytes, percent * warnFreePercent), before != DiskState.ROOM);
    if (space.freeBytes() < stop) {
      return DiskState.FULL;
    }
    return space.freeBytes() < warn ? DiskState.LOW : DiskState.ROOM;
  }

  private static long withMargin(long limit, boolean isWorse) {
    return isWorse ? limit + limit / MARGIN : limit;
  }
}
