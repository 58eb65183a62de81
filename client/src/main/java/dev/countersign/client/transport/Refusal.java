// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.transport;

import dev.countersign.client.transport.Transport.Response;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what an answer other than the expected one says (RFC 9457, RFC 9110 §10.2.3). */
public final class Refusal {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String PROBLEM_TYPE = "urn:countersign:problem:";
  private static final int MAX_DETAIL_CHARS = 200;
  private static final int CONTENT_TOO_LARGE = 413;

  /** More than a year of seconds is not a delay. */
  private static final String DELAY_SECONDS = "\\d{1,8}";

  private Refusal() {}

  /**
   * What a problem says.
   *
   * @param kind the last part of its type; empty if it has none of ours
   * @param detail for people; empty if there is none
   */
  public record Problem(String kind, String detail) {}

  /** The problem in an answer, fit to be shown. */
  public static Problem problemOf(Response response) {
    JsonNode problem = problem(response);
    String type = problem.path("type").asString("");
    return new Problem(
        shown(type.startsWith(PROBLEM_TYPE) ? type.substring(PROBLEM_TYPE.length()) : ""),
        shown(problem.path("detail").asString(problem.path("title").asString(""))));
  }

  /** The answer as an exception. */
  public static ServerRefusedException of(Response response) {
    Problem problem = problemOf(response);
    String detail = problem.detail();
    return new ServerRefusedException(
        response.status(),
        problem.kind(),
        // The other form, a date, would have to be compared with a clock.
        response
            .header("Retry-After")
            .filter(value -> value.matches(DELAY_SECONDS))
            .map(Long::parseLong)
            .orElse(-1L),
        "the server answered " + response.status() + (detail.isEmpty() ? "" : ": " + detail));
  }

  /**
   * A refusal that came sealed, with a code of CoAP, as one of the device API.
   *
   * @param status the status of HTTP that says the same
   * @param problem as {@link ServerRefusedException#problem}
   * @param retryAfterSeconds negative if the server did not say
   */
  public static ServerRefusedException sealed(
      int status, String problem, long retryAfterSeconds, String code) {
    return new ServerRefusedException(
        status, problem, retryAfterSeconds, "the server answered " + code + ", sealed");
  }

  /** A refusal before anything was sent: it is too large for whatever carries it. */
  public static ServerRefusedException tooLarge(String message) {
    return new ServerRefusedException(CONTENT_TOO_LARGE, "", -1, message);
  }

  private static JsonNode problem(Response response) {
    if (!response.header("Content-Type").orElse("").startsWith("application/problem+json")) {
      return JSON.missingNode();
    }
    try {
      return JSON.readTree(response.body());
    } catch (JacksonException e) {
      return JSON.missingNode(); // the status says enough
    }
  }

  /** The server is authenticated, and still its words go to a person's screen. */
  private static String shown(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", " ");
    return plain.length() <= MAX_DETAIL_CHARS ? plain : plain.substring(0, MAX_DETAIL_CHARS) + "…";
  }
}
