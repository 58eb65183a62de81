// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.pairing;

import dev.countersign.protocol.pairing.ManualCode;
import dev.countersign.protocol.pairing.PairingCode;
import java.time.Duration;

/**
 * What the screen shows while a window is open.
 *
 * @param code to scan; another one is shown every half minute
 * @param manual to type where a camera is missing; the same for the whole window
 * @param validFor how long this code still pairs
 * @param windowCloses how long phones may still pair
 */
public record Screen(
    PairingCode code, ManualCode manual, Duration validFor, Duration windowCloses) {}
