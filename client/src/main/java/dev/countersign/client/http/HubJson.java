// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.client.transport.Transport.Request;
import dev.countersign.client.transport.Transport.Response;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON as hubs send it, read and written with care. */
public final class HubJson {
  /** A double would make infinity of a number that is too large. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static final int MAX_SHOWN_CHARS = 100;

  private HubJson() {}

  /** The object in the body of an answer. */
  public static JsonNode read(Response answer) throws MalformedException {
    return object(tree(answer.body()));
  }

  /** The objects in the list in the body of an answer. */
  public static List<JsonNode> readList(Response answer) throws MalformedException {
    JsonNode list = tree(answer.body());
    if (!list.isArray()) {
      throw new MalformedException("body", "expected a JSON array");
    }
    var objects = new ArrayList<JsonNode>();
    for (JsonNode element : list) {
      objects.add(object(element));
    }
    return objects;
  }

  /** The object in this text. */
  public static JsonNode parse(String text) throws MalformedException {
    return object(tree(text.getBytes(UTF_8)));
  }

  private static JsonNode tree(byte[] body) throws MalformedException {
    try {
      return JSON.readTree(body);
    } catch (JacksonException e) {
      throw new MalformedException("body", "expected JSON", e);
    }
  }

  private static JsonNode object(JsonNode json) throws MalformedException {
    if (!json.isObject()) {
      throw new MalformedException("body", "expected a JSON object");
    }
    return json;
  }

  /** An empty object, to be filled and sent. */
  public static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** A request with this object as its body. */
  public static Request request(String method, String path, ObjectNode body) {
    return Request.of(method, path, "application/json", body.toString().getBytes(UTF_8));
  }

  /** A flat object of plain values, as a hub's state is. */
  public static Map<String, Scalar> scalars(JsonNode json) throws MalformedException {
    var values = new LinkedHashMap<String, Scalar>();
    for (Map.Entry<String, JsonNode> member : json.properties()) {
      String name = shown(member.getKey());
      JsonNode value = member.getValue();
      if (value.isNumber()) {
        values.put(name, Scalar.number(name, value.decimalValue()));
      } else if (value.isBoolean()) {
        values.put(name, new Scalar.Flag(value.booleanValue()));
      } else if (value.isString()) {
        values.put(name, Scalar.text(name, value.asString()));
      } else {
        throw new MalformedException(name, "expected a number, a text or a flag");
      }
    }
    return Collections.unmodifiableMap(values);
  }

  /** An instant, or null for none. */
  public static Optional<Instant> instant(JsonNode json, String field) throws MalformedException {
    JsonNode value = json.path(field);
    if (value.isNull() || value.isMissingNode()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(text(json, field)));
    } catch (DateTimeParseException e) {
      throw new MalformedException(field, "expected a time such as 2026-11-22T08:00:00Z", e);
    }
  }

  /** A text that has to be there. */
  public static String text(JsonNode json, String field) throws MalformedException {
    JsonNode value = json.path(field);
    if (!value.isString()) {
      throw new MalformedException(field, "expected text");
    }
    return value.asString();
  }

  /** Refuses any other text than this. */
  public static void require(JsonNode json, String field, String expected)
      throws MalformedException {
    String got = text(json, field);
    if (!got.equals(expected)) {
      throw new MalformedException(field, "expected " + expected + ", got " + shown(got));
    }
  }

  /** A hub is authenticated, and still its words go to a person's screen. */
  public static String shown(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", " ");
    return plain.length() <= MAX_SHOWN_CHARS ? plain : plain.substring(0, MAX_SHOWN_CHARS) + "…";
  }
}
