// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import java.util.Map;

/**
 * A whole request.
 *
 * @param path without its query; nothing here has one
 * @param headers by lower-case name
 */
@SuppressWarnings("ArrayRecordComponent") // read once, and gone
public record HubRequest(
    String method, String path, Map<String, String> headers, byte[] body, boolean fromTheHub) {}
