// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.settings;

import dev.countersign.protocol.Sha256;
import java.time.Instant;

/**
 * What a device says it applied.
 *
 * @param sha256 of the settings it applied, in its own words
 * @param at when it said so
 */
public record AppliedSettings(long version, Sha256 sha256, Instant at) {}
