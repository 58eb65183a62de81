// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.settings;

import dev.countersign.protocol.Sha256;

/**
 * How far the device came with a version of its settings.
 *
 * @param version the version it applied last; 0 with the digest of no settings before the first
 * @param sha256 the digest of those settings
 * @param confirmed whether the server knows
 */
public record SettingsProgress(long version, Sha256 sha256, boolean confirmed) {}
