// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.server.credentials.AuthenticatedDevice;

/**
 * What a device asks, with all that is known of it.
 *
 * @param device as of this request
 * @param context under which it came
 * @param message from inside the seal
 * @param body whole, also if it came in blocks
 * @param isFresh whether it was made within the last ten minutes
 * @param listener the way it came, for provenance
 * @param sequence its number
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record Asked(
    AuthenticatedDevice device,
    SealedContext context,
    InnerMessage message,
    byte[] body,
    boolean isFresh,
    String listener,
    long sequence) {
  Asked withBody(byte[] whole) {
    return new Asked(device, context, message, whole, isFresh, listener, sequence);
  }
}
