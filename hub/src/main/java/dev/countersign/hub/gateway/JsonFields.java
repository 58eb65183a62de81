// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.pairing.PhoneName;
import dev.countersign.protocol.pairing.Role;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The body of a request: one JSON object whose fields are all known. */
final class JsonFields {
  /**
   * What certificates can say (RFC 5280 §4.1.2.5), with room for the hub to count on from there.
   */
  private static final Instant END_OF_TIME = Instant.parse("9999-01-01T00:00:00Z");

  private final ObjectNode node;

  private JsonFields(ObjectNode node) {
    this.node = node;
  }

  /** Reads an object; an unknown field is an error, since it would be ignored. */
  static JsonFields read(HubRequest request, String... known) throws MalformedException {
    ObjectNode node = object(request);
    for (String name : node.propertyNames()) {
      if (!List.of(known).contains(name)) {
        throw new MalformedException(
            "body", "expected only " + String.join(", ", known) + ", got another field");
      }
    }
    return new JsonFields(node);
  }

  static ObjectNode object(HubRequest request) throws MalformedException {
    try {
      if (HubAnswer.JSON.readTree(request.body()) instanceof ObjectNode node) {
        return node;
      }
    } catch (JacksonException e) {
      throw new MalformedException("body", "expected a JSON object", e);
    }
    throw new MalformedException("body", "expected a JSON object");
  }

  boolean has(String name) {
    return node.has(name);
  }

  Optional<String> text(String name) throws MalformedException {
    JsonNode value = node.get(name);
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isString()) {
      throw new MalformedException(name, "expected a string");
    }
    return Optional.of(value.asString());
  }

  /** What a phone may be called, by the rules for its own word in a pairing. */
  Optional<String> name(String name) throws MalformedException {
    Optional<String> text = text(name);
    if (text.isPresent()) {
      PhoneName.check(text.get());
    }
    return text;
  }

  Optional<Role> role(String name) throws MalformedException {
    Optional<String> text = text(name);
    return text.isPresent() ? Optional.of(Role.parse(text.get())) : Optional.empty();
  }

  Optional<Instant> instant(String name) throws MalformedException {
    Optional<String> text = text(name);
    Optional<Instant> instant;
    try {
      instant = text.map(Instant::parse);
    } catch (DateTimeException e) {
      throw new MalformedException(name, "expected a time such as 2026-11-21T20:30:00Z", e);
    }
    if (instant.filter(time -> !time.isBefore(END_OF_TIME)).isPresent()) {
      throw new MalformedException(name, "expected a time before the year 9999");
    }
    return instant;
  }
}
