// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import dev.countersign.hub.phones.Phone;
import dev.countersign.protocol.Scalar;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How things look in JSON (docs/openapi/hub.yaml). */
final class Views {
  /** Whole numbers below it are exact as doubles (RFC 8259 §6). */
  private static final double EXACT = 9e15;

  private Views() {}

  static ObjectNode phone(Phone phone) {
    ObjectNode node =
        HubAnswer.JSON
            .createObjectNode()
            .put("id", phone.id())
            .put("name", phone.name())
            .put("role", phone.role().wireName())
            .put("status", phone.status().name().toLowerCase(java.util.Locale.ROOT))
            .put("epoch", phone.epoch())
            .put("key", phone.key().hex())
            .put("certificate", phone.certificate().hex());
    node.put("addedBy", phone.addedBy().orElse(null));
    node.put("lastSeen", phone.lastSeen().map(Object::toString).orElse(null));
    node.put("expires", phone.expires().map(Object::toString).orElse(null));
    return node;
  }

  static ObjectNode state(Map<String, Scalar> state) {
    ObjectNode node = HubAnswer.JSON.createObjectNode();
    new TreeMap<>(state).forEach((name, value) -> node.set(name, scalar(value)));
    return node;
  }

  private static JsonNode scalar(Scalar value) {
    return switch (value) {
      case Scalar.Numeric(double number) ->
          number == Math.rint(number) && Math.abs(number) < EXACT
              ? JsonNodeFactory.instance.numberNode((long) number)
              : JsonNodeFactory.instance.numberNode(number);
      case Scalar.Text(String text) -> JsonNodeFactory.instance.stringNode(text);
      case Scalar.Flag(boolean flag) -> JsonNodeFactory.instance.booleanNode(flag);
    };
  }
}
