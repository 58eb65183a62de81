// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.journal;

import java.time.Duration;

/**
 * How much the journal keeps.
 *
 * @param maxPending different attempts between two flushes; more are only counted
 * @param maxPerDevice entries of one device: as many proven, and as many claimed
 * @param maxEntries entries of all devices: as many proven, and as many claimed
 * @param maxUnattributed entries that belong to no device
 * @param retention entries that were last seen longer ago are deleted
 */
public record JournalLimits(
    int maxPending, int maxPerDevice, int maxEntries, int maxUnattributed, Duration retention) {}
