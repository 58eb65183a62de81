// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.pairing;

import dev.countersign.protocol.pairing.Role;
import java.time.Instant;
import java.util.Optional;

/**
 * What a phone becomes by a code, as the hub decided when it made it; the code itself only tells
 * the person.
 *
 * @param addedBy the id of the phone that invites; empty for who stands at the hub
 * @param expires of a guest
 */
public record Terms(
    Occasion occasion, Role role, Optional<String> addedBy, Optional<Instant> expires) {
  /** What adding the phone does to the hub. */
  public enum Occasion {
    /** One more phone. */
    ADDITION,
    /** The hub becomes this phone's alone. */
    TRANSFER,
    /** Who lost all phones is back, by the printed card. */
    RECOVERY
  }

  /** For the person who stands at the hub. */
  static Terms atTheHub(Role role) {
    return new Terms(Occasion.ADDITION, role, Optional.empty(), Optional.empty());
  }

  /** For who holds the printed card. */
  static Terms recovery() {
    return new Terms(Occasion.RECOVERY, Role.OWNER, Optional.empty(), Optional.empty());
  }
}
