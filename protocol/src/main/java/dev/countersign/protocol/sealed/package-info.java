// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Messages that are sealed end to end and pass through any relay: OSCORE (RFC 8613) for devices
 * that can encrypt, COSE_Mac0 (RFC 9052 §6.2) for those that can only compute a MAC, and the token
 * in which both travel (docs/protocol.md, Sealed messages).
 *
 * <p>Bytes to types and back. Which sequence numbers were used, which contexts count and what a
 * request may do is the caller's business: an {@link OpenedRequest} is authentic, and may still be
 * a replay.
 */
@NullMarked
package dev.countersign.protocol.sealed;

import org.jspecify.annotations.NullMarked;
