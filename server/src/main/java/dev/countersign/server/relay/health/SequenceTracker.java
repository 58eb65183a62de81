// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.health;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Which numbers of one device came, and which are still missing. Knows nothing of what came before
 * it was made. Not thread-safe.
 *
 * <p>A device that restarts goes on at the next bound that it wrote down, a multiple of 64 (see
 * docs/protocol.md, Sequence): fewer than 64 numbers that are missing before one are no loss.
 */
final class SequenceTracker {
  /** How long a number may be missing until it is lost. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final int STEP = 64;

  /** More than this at once is another beginning, whatever the reason, and no loss. */
  private static final long MAX_GAP = 10_000;

  /** A worse relay than this has its oldest gaps given up early. */
  private static final int MAX_GAPS = 32;

  private final Deque<Gap> gaps = new ArrayDeque<>();
  private String window;
  private long highest;

  /** Numbers that are missing, both ends included, behind what this relay brought. */
  private record Gap(long from, long to, long relayId, Instant since) {
    long size() {
      return to - from + 1;
    }
  }

  /** How a number stands to those before it. */
  enum Place {
    NEXT,
    /** It fills a gap. */
    REORDERED,
    /** It had been given up. */
    LATE,
    /** The numbers begin further up. */
    RESTARTED
  }

  /** Numbers that are given up. */
  record Loss(long relayId, long count) {}

  SequenceTracker(String window, long first) {
    this.window = window;
    this.highest = first;
  }

  /**
   * Takes a number that came for the first time.
   *
   * @param losses is told what is given up because of it
   */
  Place take(String inWindow, long sequence, long relayId, Instant at, List<Loss> losses) {
    if (!inWindow.equals(window)) {
      gaps.forEach(gap -> losses.add(new Loss(gap.relayId(), gap.size())));
      gaps.clear();
      window = inWindow;
      highest = sequence;
      return Place.NEXT;
    }
    if (sequence <= highest) {
      return fill(sequence) ? Place.REORDERED : Place.LATE;
    }
    long missing = sequence - highest - 1;
    long from = highest + 1;
    highest = sequence;
    if (missing == 0) {
      return Place.NEXT;
    }
    if ((sequence % STEP == 0 && missing < STEP) || missing > MAX_GAP) {
      return Place.RESTARTED;
    }
    gaps.addLast(new Gap(from, sequence - 1, relayId, at));
    if (gaps.size() > MAX_GAPS) {
      Gap oldest = gaps.removeFirst();
      losses.add(new Loss(oldest.relayId(), oldest.size()));
    }
    return Place.NEXT;
  }

  private boolean fill(long sequence) {
    for (Gap gap : gaps) {
      if (sequence >= gap.from() && sequence <= gap.to()) {
        replace(gap, sequence);
        return true;
      }
    }
    return false;
  }

  private void replace(Gap gap, long filled) {
    var kept = new ArrayList<Gap>(gaps.size() + 1);
    for (Gap each : gaps) {
      if (!each.equals(gap)) {
        kept.add(each);
        continue;
      }
      if (filled > gap.from()) {
        kept.add(new Gap(gap.from(), filled - 1, gap.relayId(), gap.since()));
      }
      if (filled < gap.to()) {
        kept.add(new Gap(filled + 1, gap.to(), gap.relayId(), gap.since()));
      }
    }
    gaps.clear();
    gaps.addAll(kept);
  }

  /** Gives up what has been missing for too long. */
  List<Loss> settle(Instant now) {
    var losses = new ArrayList<Loss>();
    while (!gaps.isEmpty() && !gaps.getFirst().since().isAfter(now.minus(PATIENCE))) {
      Gap oldest = gaps.removeFirst();
      losses.add(new Loss(oldest.relayId(), oldest.size()));
    }
    return losses;
  }

  boolean hasGaps() {
    return !gaps.isEmpty();
  }
}
