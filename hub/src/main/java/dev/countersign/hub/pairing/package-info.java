// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Lets phones onto the list (docs/protocol.md, Pairing): windows, secrets and invitations, the
 * count of failures, and the one pairing under way.
 *
 * <p>Knows no HTTP and no TLS: the channel binding comes in, and the answer goes out as bytes.
 */
@NullMarked
package dev.countersign.hub.pairing;

import org.jspecify.annotations.NullMarked;
