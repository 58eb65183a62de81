// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.console;

import dev.countersign.protocol.MalformedException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A JSON object that an operator sent, whose names are all known. */
record RequestBody(JsonNode root) {
  /** A name that stands twice would be read as one or the other; which one, nobody should guess. */
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  // Buffers that are used again would keep the secret of a device that was added.
                  .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
                  .build())
          .build();

  /** Reads an object; an empty body is an empty object. */
  static RequestBody parse(byte[] body, String... known) throws MalformedException {
    JsonNode root = object(body);
    var names = Set.of(known);
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (!names.contains(field.getKey())) {
        throw new MalformedException(
            "body", "expected only " + String.join(", ", new TreeSet<>(names)) + " in the object");
      }
    }
    return new RequestBody(root);
  }

  static JsonNode object(byte[] body) throws MalformedException {
    try {
      JsonNode root = JSON.readTree(body.length == 0 ? new byte[] {'{', '}'} : body);
      if (!root.isObject()) {
        throw new MalformedException("body", "expected a JSON object");
      }
      return root;
    } catch (JacksonException e) {
      throw new MalformedException("body", "expected a JSON object without duplicate names", e);
    }
  }

  /** Whether it stands there, be it null. */
  boolean has(String name) {
    return root.has(name);
  }

  Optional<String> text(String name) throws MalformedException {
    JsonNode node = root.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isString()) {
      throw new MalformedException(name, "expected a text");
    }
    return Optional.of(node.stringValue());
  }

  String requiredText(String name) throws MalformedException {
    return text(name).orElseThrow(() -> new MalformedException(name, "expected it, got nothing"));
  }

  boolean flag(String name, boolean otherwise) throws MalformedException {
    JsonNode node = root.path(name);
    if (node.isMissingNode()) {
      return otherwise;
    }
    if (!node.isBoolean()) {
      throw new MalformedException(name, "expected true or false");
    }
    return node.booleanValue();
  }

  /** An ISO 8601 duration such as P7D, within bounds. */
  Duration duration(String name, Duration otherwise, Duration most) throws MalformedException {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    Duration duration = duration(name, text.get());
    if (duration.isNegative() || duration.isZero() || duration.compareTo(most) > 0) {
      throw new MalformedException(name, "expected more than nothing and at most " + most);
    }
    return duration;
  }

  static Duration duration(String name, String text) throws MalformedException {
    try {
      return Duration.parse(text);
    } catch (DateTimeException e) {
      throw new MalformedException(name, "expected an ISO 8601 duration such as P7D or PT1H", e);
    }
  }
}
