// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Phones and hubs: the QR code, the messages that pair a phone, SPAKE2+ (RFC 9383) for the code
 * that is typed, and who a hub is by its certificate (docs/protocol.md, Pairing).
 *
 * <p>Nothing here opens a connection or keeps anything. The channel binding (RFC 9266) comes from
 * whoever holds the TLS connection.
 */
@NullMarked
package dev.countersign.protocol.pairing;

import org.jspecify.annotations.NullMarked;
