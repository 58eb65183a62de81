// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * How a phone comes to know a hub and the hub the phone (docs/protocol.md, Pairing), and what the
 * phone keeps of it. The messages themselves are in {@link dev.countersign.protocol.pairing}.
 *
 * <p>Whatever instant the power fails at, there is either nothing, or a pairing that is confirmed
 * the next time: the key is stored before it is certified, the certificate before it is confirmed,
 * and an earlier pairing with the same hub stays until the new one is confirmed.
 */
@NullMarked
package dev.countersign.client.pairing;

import org.jspecify.annotations.NullMarked;
