// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.transport;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Carries requests to one server, verified with a {@link ServerTrustManager}, over connections that
 * it keeps open. Safe for use by many threads.
 */
public interface Transport extends AutoCloseable {
  /**
   * Sends a request and waits for the answer.
   *
   * @throws IOException if there was no answer: no network, or a server that was not accepted; the
   *     cause then is a {@link dev.countersign.protocol.x509.ChainRefusedException}
   */
  Response exchange(Request request) throws IOException;

  /** Closes the connections. */
  @Override
  void close();

  /**
   * A request.
   *
   * @param path with its query, beginning with a slash
   * @param body empty for none
   * @param timeout until the whole answer must be there
   */
  @SuppressWarnings("ArrayRecordComponent") // made, sent once, and gone
  record Request(
      String method, String path, Map<String, String> headers, byte[] body, Duration timeout) {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    public static Request get(String path) {
      return new Request("GET", path, Map.of(), new byte[0], DEFAULT_TIMEOUT);
    }

    /** A request with a body. */
    public static Request of(String method, String path, String contentType, byte[] body) {
      return new Request(method, path, Map.of("Content-Type", contentType), body, DEFAULT_TIMEOUT);
    }

    /** The same request with one more header. */
    public Request with(String name, String value) {
      var more = new HashMap<>(headers);
      more.put(name, value);
      return new Request(method, path, Map.copyOf(more), body, timeout);
    }

    /** The same request with more patience. */
    public Request within(Duration time) {
      return new Request(method, path, headers, body, time);
    }

    /** Without path and headers: they may hold readings or a credential. */
    @Override
    public String toString() {
      return "Request[" + method + ", " + body.length + " bytes]";
    }
  }

  /**
   * An answer.
   *
   * @param headers by lower-case name
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, and gone
  record Response(int status, Map<String, String> headers, byte[] body) {
    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }
  }

  /** Opens transports: with an identity, or without one for the first contact. */
  interface Factory {
    Transport open(Endpoint endpoint) throws IOException;
  }
}
