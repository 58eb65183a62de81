// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import dev.countersign.protocol.MalformedException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON document of a webhook: a token in the field that the account names, and beside it what
 * the relay adds. Of that, some usual names are understood; whatever else there is, is passed over.
 *
 * @param token as it stands there; not checked
 */
public record HookBody(String token, Optional<String> device, Optional<Instant> sentAt) {
  /** How relays call the field with their name for the device; the first is Particle's. */
  static final List<String> DEVICE_FIELDS = List.of("coreid", "device_id", "deviceId", "device");

  /** How relays call the field with the time; the first is Particle's. */
  static final List<String> TIME_FIELDS =
      List.of("published_at", "publishedAt", "timestamp", "time");

  /** Above this a number counts milliseconds, below it seconds: the year 5138, or 1973. */
  private static final long MAX_SECONDS = 100_000_000_000L;

  private static final Pattern DEVICE_NAME = Pattern.compile("[\\x21-\\x7e]{1,64}");

  /** A name that stands twice would be read as one or the other; which one, nobody should guess. */
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();

  /**
   * Reads a document.
   *
   * @param field where the token stands; dots lead into objects
   */
  public static HookBody parse(byte[] body, String field) throws MalformedException {
    JsonNode root;
    try {
      root = JSON.readTree(body);
    } catch (JacksonException e) {
      throw new MalformedException("body", "expected a JSON object without duplicate names", e);
    }
    if (!root.isObject()) {
      throw new MalformedException("body", "expected a JSON object");
    }
    JsonNode token = root;
    for (String name : field.split("\\.", -1)) {
      token = token.path(name);
    }
    if (!token.isString() || token.stringValue().isEmpty()) {
      throw new MalformedException(field, "expected a token as text");
    }
    return new HookBody(token.stringValue(), device(root), sentAt(root));
  }

  private static Optional<String> device(JsonNode root) {
    return DEVICE_FIELDS.stream()
        .map(root::path)
        .filter(JsonNode::isString)
        .map(JsonNode::stringValue)
        .filter(name -> DEVICE_NAME.matcher(name).matches())
        .findFirst();
  }

  private static Optional<Instant> sentAt(JsonNode root) {
    return TIME_FIELDS.stream().map(root::path).flatMap(node -> instant(node).stream()).findFirst();
  }

  private static Optional<Instant> instant(JsonNode node) {
    if (node.isString()) {
      try {
        return Optional.of(Instant.parse(node.stringValue()));
      } catch (DateTimeException e) {
        return Optional.empty(); // some other way to write a time; nothing depends on it
      }
    }
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
      return Optional.empty();
    }
    long number = node.longValue();
    return Optional.of(
        number < MAX_SECONDS ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number));
  }
}
