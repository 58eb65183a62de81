// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.health;

import dev.countersign.server.relay.RelayAccount;
import dev.countersign.server.relay.RelayMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.StringJoiner;

/** What is known of a relay. */
public record RelayReport(RelayAccount account, List<Tally> tallies, RelayState state) {
  /**
   * How many devices somebody can speak or listen for who has the relay's secret. It authenticates
   * deliveries, and every message in them is sealed with a key that the relay never had.
   */
  public static final int BLAST_RADIUS_DEVICES = 0;

  /** What happened longer ago is told, and no longer an alarm. */
  static final Duration ALARMING_FOR = Duration.ofDays(7);

  private static final long ONE_IN = 100;

  static RelayReport of(RelayAccount account, List<Tally> tallies, Instant now) {
    return new RelayReport(account, tallies, state(account, tallies, now));
  }

  private static RelayState state(RelayAccount account, List<Tally> tallies, Instant now) {
    if (account.isFrozen()) {
      return RelayState.FROZEN;
    }
    if (tallies.isEmpty()) {
      return RelayState.UNUSED;
    }
    Instant alarming = now.minus(ALARMING_FOR);
    if (tallies.stream().anyMatch(t -> t.kind().isGrave() && !t.lastAt().isBefore(alarming))) {
      return RelayState.SUSPICIOUS;
    }
    long lost = count(tallies, FindingKind.LOST);
    return lost * ONE_IN > count(tallies, FindingKind.DELIVERED) + lost
        ? RelayState.UNRELIABLE
        : RelayState.GOOD;
  }

  private static long count(List<Tally> tallies, FindingKind kind) {
    return tallies.stream().filter(t -> t.kind() == kind).mapToLong(Tally::count).sum();
  }

  /** How often something was found. */
  public long count(FindingKind kind) {
    return count(tallies, kind);
  }

  /** Whether its secret is in every delivery. */
  public boolean isWeak() {
    return account.mode() == RelayMode.STATIC;
  }

  /** The verdict in a sentence. */
  public String verdict() {
    return switch (state) {
      case FROZEN -> "frozen: its deliveries are refused";
      case UNUSED -> "nothing has come through it yet";
      case SUSPICIOUS ->
          "it, or who has its secret, changes or repeats messages: "
              + found(true)
              + "; none of them had an effect";
      case UNRELIABLE -> "it loses messages: " + found(false);
      case GOOD -> "it does what it should";
    };
  }

  private String found(boolean grave) {
    var words = new StringJoiner(", ");
    for (Tally tally : tallies) {
      if (grave ? tally.kind().isGrave() : tally.kind() == FindingKind.LOST) {
        words.add(tally.count() + " " + tally.kind().meaning());
      }
    }
    return words.toString();
  }
}
