// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.telemetry;

/**
 * How far the queue came: the message that is on its way, or where the next one begins.
 *
 * @param generation rises with each change
 * @param sequence the number that was used last; 0 before the first
 * @param entries how many entries were acknowledged, ever
 * @param segment where the message is, and from which byte to which
 * @param to equal to {@code from} if none is on its way
 */
record Progress(long generation, long sequence, long entries, long segment, long from, long to) {
  /** Before the first message. */
  static final Progress NONE = new Progress(0, 0, 0, 0, Segment.HEAD_BYTES, Segment.HEAD_BYTES);

  boolean isUnderWay() {
    return to > from;
  }

  /** A message from where this one ends, or from where it begins, to there. */
  Progress message(long number, long segmentNumber, long begin, long end) {
    return new Progress(generation + 1, number, entries, segmentNumber, begin, end);
  }

  /** The next message has this number. */
  Progress countingFrom(long first) {
    return new Progress(generation + 1, first - 1, entries, segment, from, to);
  }

  /** Nothing on its way, and the next one begins here. */
  Progress idleAt(long segmentNumber, long begin) {
    return new Progress(generation + 1, sequence, entries, segmentNumber, begin, begin);
  }

  /** The message with so many entries is over. */
  Progress passed(int passedEntries) {
    return new Progress(generation + 1, sequence, entries + passedEntries, segment, to, to);
  }
}
