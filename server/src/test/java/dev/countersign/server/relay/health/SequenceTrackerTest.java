// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.server.relay.health.SequenceTracker.Loss;
import dev.countersign.server.relay.health.SequenceTracker.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Numbers that are followed")
class SequenceTrackerTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Instant TOO_LATE = NOW.plus(SequenceTracker.PATIENCE);

  private final SequenceTracker tracker = new SequenceTracker("w", 100);
  private final List<Loss> losses = new ArrayList<>();

  private Place take(long sequence) {
    return tracker.take("w", sequence, 1, NOW, losses);
  }

  @Test
  @DisplayName("one after the other, nothing is missing")
  void follows_in_order() {
    assertThat(take(101)).isEqualTo(Place.NEXT);
    assertThat(take(102)).isEqualTo(Place.NEXT);
    assertThat(tracker.hasGaps()).isFalse();
  }

  @Test
  @DisplayName("a number that comes soon after a later one is out of order, and not lost")
  void finds_reordering() {
    take(105);
    assertThat(take(103)).isEqualTo(Place.REORDERED);
    assertThat(take(101)).isEqualTo(Place.REORDERED);
    assertThat(take(104)).isEqualTo(Place.REORDERED);
    assertThat(take(102)).isEqualTo(Place.REORDERED);
    assertThat(tracker.hasGaps()).isFalse();
    assertThat(tracker.settle(TOO_LATE)).isEmpty();
  }

  @Test
  @DisplayName("a number that does not come for ten minutes is lost, and late after that")
  void gives_up() {
    take(103);
    assertThat(tracker.settle(TOO_LATE.minusMillis(1))).isEmpty();
    assertThat(tracker.settle(TOO_LATE)).containsExactly(new Loss(1, 2));
    assertThat(take(101)).isEqualTo(Place.LATE);
  }

  @Test
  @DisplayName("a device that restarts goes on at a multiple of 64, and has lost nothing")
  void knows_restarts() {
    assertThat(take(128)).isEqualTo(Place.RESTARTED);
    assertThat(take(256)).as("more than one step").isEqualTo(Place.NEXT);
    assertThat(take(1_000_000)).as("another beginning").isEqualTo(Place.RESTARTED);
    assertThat(tracker.settle(TOO_LATE)).containsExactly(new Loss(1, 127));
  }

  @Test
  @DisplayName("in another window the numbers begin anew, and what was missing is lost")
  void begins_anew() {
    take(103);
    assertThat(tracker.take("other", 0, 1, NOW, losses)).isEqualTo(Place.NEXT);
    assertThat(losses).containsExactly(new Loss(1, 2));
    assertThat(tracker.take("other", 1, 1, NOW, losses)).isEqualTo(Place.NEXT);
  }

  @Test
  @DisplayName("a loss is laid to the relay that brought the number after it")
  void names_the_relay() {
    tracker.take("w", 102, 7, NOW, losses);
    tracker.take("w", 104, 8, NOW, losses);
    assertThat(tracker.settle(TOO_LATE)).containsExactly(new Loss(7, 1), new Loss(8, 1));
  }

  @Test
  @DisplayName("the oldest gaps are given up when there are too many")
  void is_bounded() {
    for (int i = 1; i <= 1000; i++) {
      take(101 + 2L * i);
    }
    assertThat(losses).hasSize(1000 - 32);
  }

  @Property(tries = 200)
  @Label("whatever the order, what came and what was lost add up")
  void adds_up(@ForAll @IntRange(min = 0, max = 100) int lose, @ForAll long seed) {
    var fresh = new SequenceTracker("w", 1000);
    List<Integer> numbers = new ArrayList<>(IntStream.rangeClosed(1001, 1060).boxed().toList());
    Collections.shuffle(numbers, new Random(seed));
    List<Integer> coming = numbers.subList(0, Math.max(1, 60 - lose));
    var lost = new ArrayList<Loss>();
    int highest = Collections.max(coming);
    for (int number : coming) {
      assertThat(fresh.take("w", number, 1, NOW, lost))
          .isIn(Place.NEXT, Place.REORDERED, Place.RESTARTED, Place.LATE);
    }
    lost.addAll(fresh.settle(TOO_LATE));
    long missing = highest - 1000L - coming.size();
    long counted = lost.stream().mapToLong(Loss::count).sum();
    boolean restarted = coming.contains(1024); // then what was skipped before it may be forgiven
    assertThat(counted).isBetween(restarted ? 0 : missing, missing + (restarted ? 23 : 0));
  }
}
