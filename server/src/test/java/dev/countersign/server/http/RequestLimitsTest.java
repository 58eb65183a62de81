// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.server.http.ConnectionFailure.RequestRefused;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Requests that are too slow, too many or too odd")
final class RequestLimitsTest {
  private static final String HEAD = "POST /echo HTTP/1.1\r\nHost: x\r\n";
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final int KIB = 1024;

  /** Completed when the handler may answer. */
  private final CompletableFuture<Answer> stalled = new CompletableFuture<>();

  private final List<Socket> sockets = new ArrayList<>();

  private Router routes() {
    return new Router()
        .on("POST", "/echo", exchange -> Answer.text(200, exchange.body().length + " bytes"))
        .on("POST", "/stall", exchange -> new Answer.Later(stalled))
        .on("GET", "/stall", exchange -> new Answer.Later(stalled))
        .on("GET", "/", exchange -> Answer.NO_CONTENT)
        .on("GET", "/large", exchange -> Answer.bytes(200, "x/y", new byte[32 << 20]));
  }

  private TestListener open(TestLimits limits) throws IOException {
    return new TestListener(null, limits, routes());
  }

  private Socket connect(TestListener server) throws IOException {
    Socket socket = server.connect();
    sockets.add(socket);
    return socket;
  }

  @AfterEach
  void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private static void assertRefused(TestListener server, int status, String type) {
    assertThat(server.failures)
        .singleElement()
        .isInstanceOfSatisfying(
            RequestRefused.class,
            refused -> {
              assertThat(refused.status()).isEqualTo(status);
              assertThat(refused.problemType()).isEqualTo(type);
              assertThat(refused.address()).isEqualTo("127.0.0.1");
            });
  }

  static Stream<Arguments> halves() {
    return Stream.of(
        Arguments.of("one byte", "G"),
        Arguments.of("half a head", HEAD + "X-Half: "),
        Arguments.of("half a body", HEAD + "Content-Length: 10\r\n\r\n12345"),
        Arguments.of("half a chunk", HEAD + "Transfer-Encoding: chunked\r\n\r\na\r\n123"),
        Arguments.of("a whole one, and half of another", "GET / HTTP/1.1\r\nHost: x\r\n\r\nG"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("halves")
  @DisplayName("a request that does not become whole is answered with 408, and closed")
  void half_requests(String what, String half) throws Exception {
    try (var server = open(TestLimits.limits().withRequestTimeout(SHORT))) {
      assertThat(server.say(half))
          .contains("HTTP/1.1 408 Request Timeout")
          .contains("urn:countersign:problem:request-timeout");
      assertRefused(server, 408, "request-timeout");
      await().until(() -> server.listener.bodyBytesInMemory() == 0);
    }
  }

  @Test
  @DisplayName("a head that drips in byte by byte gets no more time than another")
  void dripping_head() throws Exception {
    try (var server = open(TestLimits.limits().withRequestTimeout(SHORT))) {
      Socket socket = connect(server);
      TestListener.write(socket, HEAD + "X-Drip: ");
      await()
          .pollInterval(Duration.ofMillis(100))
          .until(() -> {
            TestListener.write(socket, "x");
            return socket.getInputStream().available() > 0;
          });
      assertThat(TestListener.line(socket)).startsWith("HTTP/1.1 408");
    }
  }

  @Test
  @DisplayName("half a request behind one that is being answered is ended without a word")
  void half_request_behind_another() throws Exception {
    try (var server = open(TestLimits.limits().withRequestTimeout(SHORT))) {
      assertThat(server.say("GET /stall HTTP/1.1\r\nHost: x\r\n\r\nGET")).isEmpty();
      assertRefused(server, 408, "request-timeout");
    }
  }

  @Test
  @DisplayName("a connection without a request, and one that waits for its answer, are left alone")
  void patient_connections() throws Exception {
    try (var server = open(TestLimits.limits().withRequestTimeout(SHORT))) {
      Socket waiting = connect(server);
      TestListener.write(waiting, "GET /stall HTTP/1.1\r\nHost: x\r\n\r\n");
      Socket silent = connect(server);
      TestListener.write(silent, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(TestListener.line(silent)).startsWith("HTTP/1.1 204");
      // As a clock: by the time this one has been cut off, the others would have been as well.
      assertThat(server.say("G")).contains("408");

      stalled.complete(Answer.NO_CONTENT);
      assertThat(TestListener.line(waiting)).startsWith("HTTP/1.1 204");
      TestListener.write(silent, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(TestListener.rest(silent)).contains("HTTP/1.1 204");
    }
  }

  @Test
  @DisplayName("only so many requests wait behind one another on a connection")
  void pipelining() throws Exception {
    String request = "GET /stall HTTP/1.1\r\nHost: x\r\n\r\n";
    try (var server = open(TestLimits.limits().withPipelinedRequests(3))) {
      assertThat(server.say(request.repeat(500))).isEmpty();
      assertRefused(server, 429, "pipelining");

      Socket modest = connect(server);
      TestListener.write(modest, request.repeat(4));
      stalled.complete(Answer.NO_CONTENT);
      for (int i = 0; i < 4; i++) {
        assertThat(TestListener.line(modest)).startsWith("HTTP/1.1 204");
        assertThat(TestListener.line(modest)).isEmpty();
      }
    }
  }

  @Test
  @DisplayName("who does not take an answer is cut off, and nobody else")
  void slow_readers() throws Exception {
    try (var server = open(TestLimits.limits().withAnswerTimeout(SHORT))) {
      Socket idle = connect(server);
      Socket slow = connect(server);
      TestListener.write(slow, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
      await().until(() -> server.listener.openConnections() == 2);
      await().until(() -> server.listener.openConnections() == 1);
      TestListener.write(idle, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(TestListener.rest(idle)).contains("HTTP/1.1 204");
    }
  }

  @Test
  @DisplayName("who takes a large answer slowly and steadily gets all of it")
  void steady_readers() throws Exception {
    try (var server = open(TestLimits.limits().withAnswerTimeout(SHORT))) {
      Socket steady = connect(server);
      TestListener.write(steady, "GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      var piece = new byte[2 << 20];
      int[] taken = {0};
      await()
          .pollInterval(Duration.ofMillis(200))
          .until(() -> {
            int read = steady.getInputStream().readNBytes(piece, 0, piece.length);
            taken[0] += read;
            return read < piece.length;
          });
      assertThat(taken[0]).isGreaterThan(32 << 20);
    }
  }

  private static String stalling(int bytes) {
    return "POST /stall HTTP/1.1\r\nHost: x\r\nContent-Length: "
        + bytes
        + "\r\n\r\n"
        + "x".repeat(bytes);
  }

  @Test
  @DisplayName("bodies without an answer fill so much memory and no more: 503 with Retry-After")
  void bodies_in_memory() throws Exception {
    int most = 256 * KIB;
    try (var server = open(TestLimits.limits().withBodyBytesInMemory(most))) {
      for (int i = 0; i < 20; i++) {
        TestListener.write(connect(server), stalling(64 * KIB));
      }
      await().until(() -> server.listener.answered(503) >= 16);
      assertThat(server.listener.bodyBytesInMemory()).isBetween(1L, (long) most);
      assertThat(server.failures)
          .allSatisfy(failure ->
              assertThat(((RequestRefused) failure).problemType()).isEqualTo("overloaded"));

      stalled.complete(Answer.NO_CONTENT);
      await().until(() -> server.listener.bodyBytesInMemory() == 0);
      assertThat(server.say(stalling(64 * KIB).replace("Host", "Connection: close\r\nHost")))
          .startsWith("HTTP/1.1 204");
    }
  }

  @Test
  @DisplayName("half a body whose sender has gone is forgotten")
  void half_bodies_are_forgotten() throws Exception {
    try (var server = open(TestLimits.limits())) {
      Socket socket = connect(server);
      TestListener.write(socket, stalling(64 * KIB).substring(0, 32 * KIB));
      await().until(() -> server.listener.bodyBytesInMemory() > 0);
      socket.close();
      await().until(() -> server.listener.bodyBytesInMemory() == 0);
    }
  }

  static Stream<Arguments> odd() {
    String host = "Host: x\r\n";
    String chunked = "Transfer-Encoding: chunked\r\n";
    return Stream.of(
        Arguments.of("two lengths", HEAD + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        Arguments.of(
            "length and chunks", HEAD + "Content-Length: 3\r\n" + chunked + "\r\n0\r\n\r\n"),
        Arguments.of("chunks and length", HEAD + chunked + "Content-Length: 3\r\n\r\n0\r\n\r\n"),
        Arguments.of("an unknown coding", HEAD + "Transfer-Encoding: gzip\r\n\r\n"),
        Arguments.of(
            "a coding before chunks", HEAD + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        Arguments.of(
            "a coding that looks like chunks", HEAD + "Transfer-Encoding: xchunked\r\n\r\n"),
        Arguments.of("a negative length", HEAD + "Content-Length: -1\r\n\r\n"),
        Arguments.of("a length with a sign", HEAD + "Content-Length: +5\r\n\r\n12345"),
        Arguments.of("a length in words", HEAD + "Content-Length: five\r\n\r\n12345"),
        Arguments.of("a blank before the colon", HEAD + "Content-Length : 5\r\n\r\n12345"),
        Arguments.of("a line feed alone", "GET / HTTP/1.1\nHost: x\n\n"),
        Arguments.of("a line feed alone in the head", "GET / HTTP/1.1\r\nHost: x\nX: y\r\n\r\n"),
        Arguments.of("a NUL in a value", "GET / HTTP/1.1\r\n" + host + "X: a\0b\r\n\r\n"),
        Arguments.of("a NUL in a name", "GET / HTTP/1.1\r\n" + host + "X\0: a\r\n\r\n"),
        Arguments.of("a name without a colon", "GET / HTTP/1.1\r\n" + host + "nonsense\r\n\r\n"),
        Arguments.of("no version", "GET /\r\n" + host + "\r\n"),
        Arguments.of("a version to come", "GET / HTTP/7.3\r\n" + host + "\r\n"),
        Arguments.of("no target", "GET  HTTP/1.1\r\n" + host + "\r\n"),
        Arguments.of("not HTTP", "\u0016\u0003\u0001\u0002\r\n\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("odd")
  @DisplayName("what could be read in two ways is read in none: refused and closed")
  void odd_requests(String what, String request) throws Exception {
    try (var server = open(TestLimits.limits())) {
      String smuggled = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
      String answer = server.say(request + smuggled);
      assertThat(answer).matches("(?s)HTTP/1.1 (400|505) .*").doesNotContain("204");
    }
  }

  @Test
  @DisplayName("a chunk that says too much about itself ends the connection")
  void chunk_extensions() throws Exception {
    String chunked = HEAD + "Transfer-Encoding: chunked\r\n\r\n";
    try (var server = open(TestLimits.limits())) {
      String answer = server.say(chunked + "1;x=" + "y".repeat(100_000) + "\r\na\r\n0\r\n\r\n");
      assertThat(answer).doesNotContain("HTTP/1.1 200");
    } catch (SocketException e) {
      assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe).*");
    }
  }

  @Test
  @DisplayName("ten thousand headers are 431")
  void many_headers() throws Exception {
    try (var server = open(TestLimits.limits())) {
      assertThat(server.say("GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(10_000) + "\r\n"))
          .startsWith("HTTP/1.1 431");
      assertRefused(server, 431, "header-too-large");
    }
  }

  @Test
  @DisplayName("many small chunks are one body, and too many of them are too large")
  void many_chunks() throws Exception {
    String head = HEAD + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    try (var server = open(TestLimits.limits())) {
      assertThat(server.say(head + "1\r\nx\r\n".repeat(10_000) + "0\r\n\r\n"))
          .startsWith("HTTP/1.1 200")
          .endsWith("10000 bytes");
      assertThat(server.say(head + "1\r\nx\r\n".repeat(70_000))).startsWith("HTTP/1.1 413");
      assertRefused(server, 413, "too-large");
    }
  }

  @Test
  @DisplayName("a whole address as target is its path (RFC 9112 §3.2.2), a folded line is one line")
  void allowed_oddities() throws Exception {
    try (var server = open(TestLimits.limits())) {
      assertThat(server.say("GET http://x/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 204");
      assertThat(server.say("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: a\r\n b\r\n\r\n"))
          .startsWith("HTTP/1.1 204");
    }
  }
}
