// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import java.time.Instant;
import java.util.Optional;

/**
 * A relay that may deliver.
 *
 * @param id never used again
 * @param name the last part of its path
 * @param field where in its JSON documents the token stands; dots lead into objects
 * @param errorsAs200 whether errors are answered with status 200, for relays that drop other bodies
 * @param frozenAt since when its deliveries are refused; empty if they are not
 * @param lastUsed its last delivery that was let in, to some seconds
 */
public record RelayAccount(
    long id,
    String name,
    RelayMode mode,
    String field,
    boolean errorsAs200,
    Instant createdAt,
    String createdBy,
    Optional<Instant> frozenAt,
    Optional<Instant> lastUsed) {
  /** Where the token stands unless something else is said. */
  public static final String DEFAULT_FIELD = "o";

  public boolean isFrozen() {
    return frozenAt.isPresent();
  }

  /** Where it posts to. */
  public String path() {
    return "/hook/" + name;
  }
}
