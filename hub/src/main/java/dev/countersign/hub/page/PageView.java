// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.page;

import dev.countersign.protocol.pairing.ManualCode;
import dev.countersign.protocol.pairing.PairingCode;
import java.time.Duration;
import java.util.Optional;

/**
 * What a hub shows at this moment.
 *
 * @param owned whether a phone owns it
 * @param window empty while no window is open
 */
public record PageView(boolean owned, Optional<Window> window) {
  /**
   * An open window.
   *
   * @param code for the device's own screen alone
   * @param manual for the device's own screen alone
   * @param validFor how long this code still pairs
   * @param closesIn how long phones may still pair
   */
  public record Window(PairingCode code, ManualCode manual, Duration validFor, Duration closesIn) {}
}
