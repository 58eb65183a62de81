// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * What is derived from the secret that a device was given at production: keys, each for one
 * purpose, and the id they go by (docs/protocol.md, Pre-set secrets). HKDF with SHA-256 (RFC 5869).
 *
 * <p>Nothing here stores or wraps; keys are zeroed when closed, as far as a virtual machine that
 * moves its objects allows.
 */
@NullMarked
package dev.countersign.protocol.keys;

import org.jspecify.annotations.NullMarked;
