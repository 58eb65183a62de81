// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * A device that talks to its server through somebody else's cloud: every message is sealed end to
 * end (OSCORE, RFC 8613, or COSE_Mac0), and who carries it is not trusted with anything
 * (docs/protocol.md §3 and §4). {@link dev.countersign.client.sealed.SealedDevice} is the front.
 *
 * <p>Three things must survive a power cut, each in a place of its own: the key ({@link
 * dev.countersign.client.sealed.DeviceKeys}), the numbers ({@link
 * dev.countersign.client.sealed.NumbersStorage}), and what is to be sent (a {@link
 * dev.countersign.client.telemetry.MessageQueue}). Whoever loses the numbers asks the server for a
 * new context, and never begins at 0 again under an old one.
 */
@NullMarked
package dev.countersign.client.sealed;

import org.jspecify.annotations.NullMarked;
