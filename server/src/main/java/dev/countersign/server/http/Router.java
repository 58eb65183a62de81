// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.ProtocolException;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which handler answers which method and path. A segment in braces stands for any one segment.
 *
 * <p>Built once, then read by many threads.
 */
public final class Router implements Handler {
  private record Route(String method, List<String> segments, Handler handler) {}

  private final Map<String, Handler> literal = new HashMap<>();
  private final List<Route> patterns = new ArrayList<>();
  private Handler unknown = this::unknown;

  /** Adds a route and returns this router. */
  public Router on(String method, String path, Handler handler) {
    if (path.contains("{")) {
      patterns.add(new Route(method, segments(path), handler));
    } else {
      literal.put(method + " " + path, handler);
    }
    return this;
  }

  /** Lets a gate decide who may learn that a path does not exist. */
  public Router unknownPathsBehind(UnaryOperator<Handler> gate) {
    unknown = gate.apply(this::unknown);
    return this;
  }

  @Override
  public Answer handle(Exchange exchange) throws ProtocolException {
    String path = exchange.path();
    Handler exact = literal.get(exchange.method() + " " + path);
    if (exact != null) {
      return exact.handle(exchange);
    }
    List<String> segments = segments(path);
    for (Route route : patterns) {
      Map<String, String> parameters = match(route.segments(), segments);
      if (parameters != null && route.method().equals(exchange.method())) {
        exchange.pathParameters(parameters);
        return route.handler().handle(exchange);
      }
    }
    return unknown.handle(exchange);
  }

  private Answer unknown(Exchange exchange) {
    Set<String> methods = methods(exchange.path());
    return methods.isEmpty()
        ? Problem.notFound("no such path; docs/protocol.md lists them")
        : Problem.of(405, "method", "Method not allowed", "this path has no such method")
            .with("Allow", String.join(", ", methods)); // RFC 9110 §15.5.6: must be there
  }

  private Set<String> methods(String path) {
    var methods = new TreeSet<String>();
    for (String route : literal.keySet()) {
      if (route.endsWith(" " + path)) {
        methods.add(route.substring(0, route.indexOf(' ')));
      }
    }
    List<String> segments = segments(path);
    for (Route route : patterns) {
      if (match(route.segments(), segments) != null) {
        methods.add(route.method());
      }
    }
    return methods;
  }

  /** A plus is a plus in a path (RFC 3986 §3.3); null if it is not percent-encoding. */
  private static @Nullable String decoded(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Only for paths without a parameter: those are the ones that devices ask for all day. */
  @Override
  public Optional<Answer> handleAtOnce(Exchange exchange) throws ProtocolException {
    Handler exact = literal.get(exchange.method() + " " + exchange.path());
    return exact == null ? Optional.empty() : exact.handleAtOnce(exchange);
  }

  private static List<String> segments(String path) {
    return List.of(path.split("/", -1));
  }

  private static @Nullable Map<String, String> match(List<String> pattern, List<String> segments) {
    if (pattern.size() != segments.size()) {
      return null;
    }
    var parameters = new HashMap<String, String>();
    for (int i = 0; i < pattern.size(); i++) {
      String expected = pattern.get(i);
      if (expected.startsWith("{")) {
        if (segments.get(i).isEmpty()) {
          return null;
        }
        String value = decoded(segments.get(i));
        if (value == null) {
          return null;
        }
        parameters.put(expected.substring(1, expected.length() - 1), value);
      } else if (!expected.equals(segments.get(i))) {
        return null;
      }
    }
    return parameters;
  }
}
