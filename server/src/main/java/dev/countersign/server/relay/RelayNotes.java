// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import java.time.Instant;
import java.util.Optional;

/**
 * What a relay wrote beside the message. Kept for its health, believed for nothing.
 *
 * @param delivery the relay's own number of this delivery
 * @param device the relay's name for the device, such as Particle's {@code coreid}
 * @param sentAt when the relay says the device sent it
 */
public record RelayNotes(
    Optional<String> delivery, Optional<String> device, Optional<Instant> sentAt) {
  /** What comes without a relay. */
  public static final RelayNotes NONE =
      new RelayNotes(Optional.empty(), Optional.empty(), Optional.empty());
}
