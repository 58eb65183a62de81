// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.pairing;

import dev.countersign.protocol.pairing.ManualCode;
import dev.countersign.protocol.pairing.PairingCode;
import java.time.Duration;

/**
 * What a screen shows while a window is open.
 *
 * @param validFor how long this code still pairs
 * @param windowCloses how long phones may still pair
 */
public record Shown(
    PairingCode code, ManualCode manual, Duration validFor, Duration windowCloses) {}
