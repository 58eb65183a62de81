// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.keys.SealedAlgorithm;
import java.time.Duration;
import java.util.Optional;

/**
 * What a sealed device is, by its registration.
 *
 * @param algorithm the one it was registered with; empty for a device that only computes MACs
 * @param pollEvery how often it asks for settings: nothing can be pushed through a relay
 */
public record SealedProfile(
    DeviceSerial serial, Optional<SealedAlgorithm> algorithm, Duration pollEvery) {
  /** A minute: what a person who changed a setting waits for. */
  public static final Duration POLL_EVERY = Duration.ofSeconds(60);

  public SealedProfile {
    if (pollEvery.isNegative() || pollEvery.isZero()) {
      throw new IllegalArgumentException("expected a time above 0 between two polls");
    }
  }

  /** Level 2, OSCORE. */
  public static SealedProfile oscore(DeviceSerial serial, SealedAlgorithm algorithm) {
    return new SealedProfile(serial, Optional.of(algorithm), POLL_EVERY);
  }

  /** Level 1, COSE_Mac0: everybody on the way can read. */
  public static SealedProfile mac(DeviceSerial serial) {
    return new SealedProfile(serial, Optional.empty(), POLL_EVERY);
  }
}
