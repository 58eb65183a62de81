// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A request that the listener answers itself.
 *
 * @param type of the problem, the last part of its URN
 */
record Refusal(String type, Answer.Complete answer) {
  static final int MAX_REQUEST_LINE_BYTES = 4096;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private static Refusal of(int status, String type, String title, String detail) {
    return new Refusal(type, Problem.of(status, type, title, detail));
  }

  /** What the decoder could not read. */
  static Refusal undecodable(@Nullable Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException e ->
          of(
              414,
              "line-too-long",
              "Request line too long",
              "expected at most " + MAX_REQUEST_LINE_BYTES + " bytes of method, path and query");
      case TooLongHttpHeaderException e ->
          of(431, "header-too-large", "Header fields too large", "expected fewer or shorter ones");
      case RequestDecoder.UnsupportedVersionException e ->
          of(505, "http-version", "HTTP version not supported", "expected HTTP/1.1");
      case null, default -> malformed("request: expected HTTP/1.1 (RFC 9112)");
    };
  }

  static Refusal malformed(String detail) {
    return new Refusal("malformed", Problem.malformed(detail));
  }

  /** RFC 9110 §15.5.9. */
  static Refusal tooSlow(Duration within) {
    return of(
        408,
        "request-timeout",
        "Request timeout",
        "expected the whole request within " + within.toSeconds() + " seconds of its first byte");
  }

  /** Never sent: answers go out in turn, and this request's turn has not come. */
  static Refusal tooManyPipelined(int max) {
    return of(
        429, "pipelining", "Too many requests waiting", "expected at most " + max + " at once");
  }

  static Refusal tooLarge(int maxBytes) {
    return new Refusal("too-large", Problem.tooLarge(maxBytes));
  }

  static Refusal overloaded() {
    return new Refusal("overloaded", Problem.overloaded(RETRY_AFTER));
  }
}
