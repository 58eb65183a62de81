// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.settings;

import dev.countersign.protocol.settings.Settings;
import java.time.Instant;

/**
 * One version of a device's settings.
 *
 * @param version 1 for the first, then without gaps
 * @param setBy the operator
 */
public record SettingsVersion(long version, Settings settings, Instant setAt, String setBy) {}
