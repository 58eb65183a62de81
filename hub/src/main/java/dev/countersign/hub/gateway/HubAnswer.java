// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** What is answered. */
@SuppressWarnings("ArrayRecordComponent") // sent once, and gone
public record HubAnswer(int status, Map<String, String> headers, byte[] body) {
  static final JsonMapper JSON = new JsonMapper();

  static HubAnswer json(Object value) {
    return json(200, value);
  }

  static HubAnswer json(int status, Object value) {
    return new HubAnswer(
        status,
        Map.of("Content-Type", "application/json", "Cache-Control", "no-store"),
        JSON.writeValueAsBytes(value));
  }

  static HubAnswer cbor(byte[] body) {
    return new HubAnswer(
        200, Map.of("Content-Type", "application/cbor", "Cache-Control", "no-store"), body);
  }

  static HubAnswer empty() {
    return new HubAnswer(204, Map.of(), new byte[0]);
  }

  /** RFC 9457. */
  static HubAnswer problem(int status, String kind, String title, String detail) {
    var node =
        JSON.createObjectNode()
            .put("type", "urn:countersign:problem:" + kind)
            .put("title", title)
            .put("status", status);
    if (!detail.isEmpty()) {
      node.put("detail", detail);
    }
    return new HubAnswer(
        status,
        Map.of("Content-Type", "application/problem+json", "Cache-Control", "no-store"),
        node.toString().getBytes(UTF_8));
  }
}
