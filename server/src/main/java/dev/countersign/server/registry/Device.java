// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.registry;

import dev.countersign.protocol.DeviceSerial;
import java.time.Instant;
import java.util.Optional;

/**
 * One registered device.
 *
 * @param id its number in this installation; never used again, even if the device is removed
 * @param hasClock whether its certificates may end
 * @param level the level at which it last authenticated, 0 to 4
 * @param minimumDirectLevel the level below which it is refused where TLS ends here; only rises
 * @param minimumRelayLevel the level below which its sealed messages are refused; only rises
 * @param enrolmentEpoch how often it was enrolled; its sequence numbers begin anew with each
 * @param lastSeen when it last authenticated
 */
public record Device(
    long id,
    DeviceSerial serial,
    Optional<String> model,
    DeviceStatus status,
    boolean hasClock,
    int level,
    int minimumDirectLevel,
    int minimumRelayLevel,
    int enrolmentEpoch,
    Instant addedAt,
    Optional<Instant> lastSeen) {

  /** The level below which it is refused when it comes this way. */
  public int minimumLevel(Path path) {
    return switch (path) {
      case DIRECT -> minimumDirectLevel;
      case RELAY -> minimumRelayLevel;
    };
  }

  /** The higher of both. */
  public int minimumLevel() {
    return Math.max(minimumDirectLevel, minimumRelayLevel);
  }
}
