// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import dev.countersign.protocol.MalformedException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One request, read whole, on the connection it came by. */
public final class Exchange {
  private final HttpServerRequest request;
  private final Connection connection;
  private final byte[] body;
  private Map<String, String> pathParameters = Map.of();
  private @Nullable Object peer;
  private boolean counted;
  private final long arrivedNanos = System.nanoTime();

  Exchange(HttpServerRequest request, Connection connection, byte[] body) {
    this.request = request;
    this.connection = connection;
    this.body = body;
  }

  /** When it was here whole, by {@link System#nanoTime}. */
  public long arrivedNanos() {
    return arrivedNanos;
  }

  public String method() {
    return request.method().name();
  }

  public String path() {
    return Objects.requireNonNullElse(request.path(), "");
  }

  /** What stands behind the question mark, percent-encoded; may carry readings: never log it. */
  public Optional<String> rawQuery() {
    return Optional.ofNullable(request.query());
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeader(name));
  }

  /** The media type of the body without its parameters, in lower case; empty if none is named. */
  public String mediaType() {
    String type = request.getHeader("Content-Type");
    if (type == null) {
      return "";
    }
    int semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }

  /** The bytes the peer sent. Callers must not change them. */
  public byte[] body() {
    return body;
  }

  /** Overwrites the body once it was read, because there are secrets in it. */
  public void forgetBody() {
    Arrays.fill(body, (byte) 0);
  }

  /** How much the peer sent, without header fields: target and body. */
  public long sizeBytes() {
    return (long) request.uri().length() + body.length;
  }

  /** True the first time it is asked: what is tried at once and then again counts as one. */
  public boolean countsNow() {
    boolean first = !counted;
    counted = true;
    return first;
  }

  public Connection connection() {
    return connection;
  }

  /** Who a gate found behind this request, if it says more than the connection does. */
  public @Nullable Object peer() {
    return peer;
  }

  public void peer(Object found) {
    peer = found;
  }

  /** The part of the path that stands for {@code {name}} in the route. */
  public String pathParameter(String name) {
    String value = pathParameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no {" + name + "}");
    }
    return value;
  }

  void pathParameters(Map<String, String> parameters) {
    this.pathParameters = Map.copyOf(parameters);
  }

  /** A query parameter of an operator's request, decoded. */
  public Optional<String> queryParameter(String name) throws MalformedException {
    return Optional.ofNullable(parameters().get(name));
  }

  private MultiMap parameters() throws MalformedException {
    try {
      return request.params();
    } catch (IllegalArgumentException e) {
      throw new MalformedException("query", "expected percent-encoding in pairs of digits", e);
    }
  }

  /** A query parameter that must be a whole number from 0. */
  public OptionalLong queryNumber(String name) throws MalformedException {
    String text = parameters().get(name);
    if (text == null) {
      return OptionalLong.empty();
    }
    if (!text.matches("\\d{1,18}")) {
      throw new MalformedException(name, "expected a whole number");
    }
    return OptionalLong.of(Long.parseLong(text));
  }

  /** Query parameters that this route does not know are mistakes, not noise. */
  public void onlyQueryParameters(String... known) throws MalformedException {
    for (String name : parameters().names()) {
      if (!List.of(known).contains(name)) {
        throw new MalformedException(
            "query", "expected only " + String.join(", ", known) + " as parameters");
      }
    }
  }
}
