// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The keys that devices share with the server, from their import to their use (docs/protocol.md,
 * Keys of a device with a pre-set secret).
 *
 * <p>Of a pre-set secret only the device key that HKDF makes of it is kept, wrapped under a
 * key-encryption key that is a file beside the database and never in it. A key is unwrapped for one
 * use and overwritten after it; nothing clear is cached.
 *
 * <p>This package says what a device's keys are. Whether they open anything is decided in {@code
 * server.credentials}.
 */
@NullMarked
package dev.countersign.server.secrets;

import org.jspecify.annotations.NullMarked;
