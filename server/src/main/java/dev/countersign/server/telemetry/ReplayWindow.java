// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

/**
 * Which of the last {@link ReadingStore#WINDOW} sequence numbers of a device and epoch are used, as
 * in RFC 4303 §3.4.3. In memory; what is durable is the store's business. Not thread-safe.
 */
final class ReplayWindow {
  /** What a number is to the window. */
  enum Verdict {
    FREE,
    USED,
    /** Below the window. */
    FORGOTTEN
  }

  /** 0 before the first claim. */
  private long highest;

  /** Bit i stands for {@code highest - i}. */
  private long used;

  Verdict judge(long sequence) {
    if (sequence > highest) {
      return Verdict.FREE;
    }
    long below = highest - sequence;
    if (below >= ReadingStore.WINDOW) {
      return Verdict.FORGOTTEN;
    }
    return (used & (1L << below)) == 0 ? Verdict.FREE : Verdict.USED;
  }

  /** Whether no number was ever claimed. */
  boolean isEmpty() {
    return highest == 0 && used == 0;
  }

  /** The highest number that was claimed; 0 for none. */
  long highest() {
    return highest;
  }

  /** Marks a number as used; one below the window changes nothing. */
  void use(long sequence) {
    if (sequence > highest) {
      long up = sequence - highest;
      used = up < ReadingStore.WINDOW ? (used << up) | 1 : 1;
      highest = sequence;
    } else if (highest - sequence < ReadingStore.WINDOW) {
      used |= 1L << (highest - sequence);
    }
  }
}
