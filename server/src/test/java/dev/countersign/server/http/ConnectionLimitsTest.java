// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.server.http.ConnectionFailure.Limit;
import dev.countersign.server.http.ConnectionFailure.NotAccepted;
import dev.countersign.server.tls.TlsProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Only so many connections are taken")
final class ConnectionLimitsTest {
  private static final String REQUEST = "GET /thread HTTP/1.1\r\nHost: x\r\n\r\n";

  private final List<Socket> sockets = new ArrayList<>();

  private static Router threads() {
    return new Router()
        .on("GET", "/thread", exchange -> Answer.text(200, Thread.currentThread().getName()));
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

  private static TestLimits most(
      int max, int perAddress, int handshakes, int handshakesPerAddress) {
    return TestLimits.limits()
        .withConnections(
            new HttpLimits.Connections(max, perAddress, handshakes, handshakesPerAddress));
  }

  private static boolean isServed(Socket socket) throws IOException {
    TestListener.write(socket, REQUEST);
    return TestListener.line(socket).startsWith("HTTP/1.1 200");
  }

  @Test
  @DisplayName("of one address, and again when one of them has gone")
  void of_one_address() throws Exception {
    try (var server = new TestListener(null, most(9, 2, 9, 9), threads())) {
      Socket first = connect(server);
      assertThat(isServed(first)).isTrue();
      assertThat(isServed(connect(server))).isTrue();

      assertThat(TestListener.rest(connect(server))).isEmpty();
      assertThat(server.failures)
          .containsExactly(new NotAccepted("test", "127.0.0.1", Limit.CONNECTIONS_OF_ADDRESS));
      assertThat(server.listener.refusedFor(Limit.CONNECTIONS_OF_ADDRESS)).isEqualTo(1);

      first.close();
      await().until(() -> server.listener.openConnections() == 1);
      assertThat(isServed(connect(server))).isTrue();
    }
  }

  @Test
  @DisplayName("in all")
  void in_all() throws Exception {
    try (var server = new TestListener(null, most(1, 9, 9, 9), threads())) {
      assertThat(isServed(connect(server))).isTrue();
      assertThat(TestListener.rest(connect(server))).isEmpty();
      assertThat(server.failures)
          .containsExactly(new NotAccepted("test", "127.0.0.1", Limit.CONNECTIONS));
    }
  }

  @Test
  @DisplayName("with TLS, before a handshake costs anything")
  void with_tls() throws Exception {
    var tls = TestTls.of(TlsProvider.Choice.AUTO.resolve()).context();
    try (var server = new TestListener(tls, most(9, 1, 9, 9), threads())) {
      connect(server);
      await().until(() -> server.listener.handshakes() == 1);
      assertThat(TestListener.rest(connect(server))).isEmpty();
      assertThat(server.failures)
          .containsExactly(new NotAccepted("test", "127.0.0.1", Limit.CONNECTIONS_OF_ADDRESS));
    }
  }

  @Test
  @DisplayName("handshakes that never end: so many, and only until their time is over")
  void handshakes() throws Exception {
    var tls = TestTls.of(TlsProvider.Choice.AUTO.resolve()).context();
    var limits = most(99, 99, 99, 3).withHandshakeTimeout(Duration.ofSeconds(1));
    try (var server = new TestListener(tls, limits, threads())) {
      for (int i = 0; i < 5; i++) {
        connect(server);
      }
      await().until(() -> server.listener.refusedFor(Limit.HANDSHAKES_OF_ADDRESS) == 2);
      assertThat(server.listener.handshakes()).isLessThanOrEqualTo(3);
      await().until(() -> server.listener.handshakes() == 0);
    }
  }

  @Test
  @DisplayName("handshakes in all")
  void handshakes_in_all() throws Exception {
    var tls = TestTls.of(TlsProvider.Choice.AUTO.resolve()).context();
    try (var server = new TestListener(tls, most(99, 99, 1, 99), threads())) {
      connect(server);
      await().until(() -> server.listener.handshakes() == 1);
      assertThat(TestListener.rest(connect(server))).isEmpty();
      assertThat(server.listener.refusedFor(Limit.HANDSHAKES)).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("an IPv6 network of 64 bits counts as one address, an IPv4 address as itself")
  void blocks() {
    assertThat(block("2001:db8:1:2::1")).isEqualTo(block("2001:db8:1:2:ffff::9"));
    assertThat(block("2001:db8:1:2::1")).isNotEqualTo(block("2001:db8:1:3::1"));
    assertThat(block("192.0.2.1")).isNotEqualTo(block("192.0.2.2"));
    assertThat(block("::ffff:192.0.2.1")).isEqualTo(block("192.0.2.1"));
    assertThat(block("0.0.0.1")).isNotEqualTo(block("0:0:0:1::"));
  }

  private static AddressBlock block(String address) {
    return AddressBlock.of(InetAddress.ofLiteral(address));
  }

  @Test
  @DisplayName("connections of one port are dealt out to several event loops")
  void several_event_loops() throws Exception {
    Handler atOnce =
        new Handler() {
          @Override
          public Answer handle(Exchange exchange) {
            throw new AssertionError("expected to be asked at once");
          }

          @Override
          public Optional<Answer> handleAtOnce(Exchange exchange) {
            return Optional.of(Answer.text(200, Thread.currentThread().getName()));
          }
        };
    Set<String> threads = new TreeSet<>();
    try (var server = new TestListener(null, TestLimits.limits(), atOnce)) {
      for (int i = 0; i < 8; i++) {
        String answer = server.say("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        threads.add(answer.substring(answer.indexOf("\r\n\r\n")));
      }
    }
    assertThat(threads).hasSizeGreaterThan(1);
  }
}
