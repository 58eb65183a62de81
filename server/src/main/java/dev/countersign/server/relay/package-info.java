// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Somebody else's cloud as a carrier (docs/protocol.md, Sealed messages): the accounts of relays,
 * the check of a relay's signature, and the door through which a sealed message reaches the
 * exchange that opens it, however it was carried.
 *
 * <p>Nothing here says anything about a device. A relay account tells deliveries apart and can be
 * closed; whoever has its secret can deliver, and cannot read, make or change a message.
 */
@NullMarked
package dev.countersign.server.relay;

import org.jspecify.annotations.NullMarked;
