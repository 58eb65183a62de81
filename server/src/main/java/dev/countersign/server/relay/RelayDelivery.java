// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import java.util.Optional;

/**
 * What somebody delivered in the name of a relay, as far as it matters for who that was.
 *
 * @param relay the name in the path, decoded
 * @param path of the request as it was sent, without a query
 * @param signature the header field Countersign-Relay
 * @param authorization the header field Authorization
 */
@SuppressWarnings("ArrayRecordComponent") // made, read once, and gone
public record RelayDelivery(
    String relay,
    String path,
    Optional<String> signature,
    Optional<String> authorization,
    byte[] body) {}
