// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an HTTP server answered.
 *
 * @param headers by lower-case name
 */
public record Answer(int status, Map<String, String> headers, String body) {
  private static final JsonMapper JSON = new JsonMapper();

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  public byte[] bytes() {
    return body.getBytes(UTF_8);
  }

  /** The body as one JSON value. */
  public JsonNode json() {
    return JSON.readTree(body);
  }

  /** The body as JSON lines. */
  public List<JsonNode> lines() {
    return body.lines().filter(line -> !line.isBlank()).map(JSON::readTree).toList();
  }

  /** The same answer, for a test that goes on only with this status. */
  public Answer expect(int expected) {
    assertThat(status).as("status of: %s", body).isEqualTo(expected);
    return this;
  }
}
