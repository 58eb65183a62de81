// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.health;

import java.time.Instant;

/** How often something was found, since when, and when last. */
public record Tally(FindingKind kind, long count, Instant firstAt, Instant lastAt) {
  /** The two together. */
  Tally plus(Tally other) {
    return new Tally(
        kind,
        count + other.count,
        firstAt.isBefore(other.firstAt) ? firstAt : other.firstAt,
        lastAt.isAfter(other.lastAt) ? lastAt : other.lastAt);
  }
}
