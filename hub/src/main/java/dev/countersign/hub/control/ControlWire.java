// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.control;

import java.util.Arrays;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Requests and answers as lines: {@code {"request":"remove","phone":"…"}}, and {@code {"done":{…}}}
 * or {@code {"refused":"last-owner"}}.
 */
final class ControlWire {
  static final JsonMapper JSON = JsonMapper.builder().build();

  private static final String REQUEST = "request";
  private static final String PHONE = "phone";
  private static final String DONE = "done";
  private static final String REFUSED = "refused";

  private ControlWire() {}

  static String write(ControlRequest request) {
    ObjectNode line = JSON.createObjectNode().put(REQUEST, request.wireName());
    if (request instanceof ControlRequest.Remove(String phone)) {
      line.put(PHONE, phone);
    }
    return line.toString();
  }

  /** What a line asks for; empty if that is nothing known. */
  static Optional<ControlRequest> readRequest(String line) {
    try {
      JsonNode request = JSON.readTree(line);
      return ControlRequest.of(
          request.path(REQUEST).asString(""), request.path(PHONE).asString(""));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  static String write(ControlAnswer answer) {
    ObjectNode line = JSON.createObjectNode();
    switch (answer) {
      case ControlAnswer.Done(ObjectNode result) -> line.set(DONE, result);
      case ControlAnswer.Refused(ControlAnswer.Reason reason) ->
          line.put(REFUSED, reason.wireName());
    }
    return line.toString();
  }

  /** What a line answers; empty if that is nothing known. */
  static Optional<ControlAnswer> readAnswer(String line) {
    try {
      JsonNode answer = JSON.readTree(line);
      if (answer.path(DONE) instanceof ObjectNode result) {
        return Optional.of(new ControlAnswer.Done(result));
      }
      String refused = answer.path(REFUSED).asString("");
      return Arrays.stream(ControlAnswer.Reason.values())
          .filter(reason -> reason.wireName().equals(refused))
          .<ControlAnswer>map(ControlAnswer.Refused::new)
          .findFirst();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }
}
