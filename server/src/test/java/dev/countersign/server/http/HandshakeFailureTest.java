// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.server.http.ConnectionFailure.HandshakeFailed;
import dev.countersign.server.http.ConnectionFailure.SaidNothing;
import dev.countersign.server.tls.TlsProvider;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(TlsProvider.class)
@DisplayName("Handshakes that fail are told to the observer, with address and reason")
final class HandshakeFailureTest {
  private static final String GCM = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";

  /** The same as on the wire. */
  private static final short GCM_CODE = (short) 0xc02b;

  private final Vertx vertx = Vertx.vertx();
  private final ExecutorService virtualThreads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<ConnectionFailure> failures = new ConcurrentLinkedQueue<>();
  private final HttpListener listener;

  HandshakeFailureTest(TlsProvider provider) throws Exception {
    listener =
        HttpListener.open(
            vertx,
            new HttpListener.Setup(
                new HttpListener.Where("tls-test", "::", 0),
                TestTls.of(provider).context(),
                TestLimits.limits().withHandshakeTimeout(Duration.ofSeconds(1)).build(),
                failures::add),
            virtualThreads,
            new Router());
  }

  @AfterEach
  void close() throws Exception {
    listener.close();
    virtualThreads.close();
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.ofLiteral("127.0.0.1"), listener.port());
  }

  /** A hello as short as it may be. */
  private static byte[] clientHello(int version) {
    var hello = ByteBuffer.allocate(52);
    hello.put((byte) 22).putShort((short) 0x0301).putShort((short) 47);
    hello.put((byte) 1).put((byte) 0).putShort((short) 43);
    hello.putShort((short) version).put(new byte[32]).put((byte) 0);
    hello.putShort((short) 2).putShort(GCM_CODE).put((byte) 1).put((byte) 0);
    hello.putShort((short) 0);
    return hello.array();
  }

  private HandshakeFailed failed() {
    await().until(() -> !failures.isEmpty());
    assertThat(failures).singleElement().isInstanceOf(HandshakeFailed.class);
    var failed = (HandshakeFailed) failures.element();
    assertThat(failed.listener()).isEqualTo("tls-test");
    assertThat(failed.address()).isEqualTo("127.0.0.1");
    return failed;
  }

  private void say(byte[] bytes) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(bytes);
      socket.getInputStream().readAllBytes();
    }
  }

  @Test
  @DisplayName("plain HTTP: as such, and without a byte of what was said")
  void plain_http() throws Exception {
    say("GET /v1/readings?secret=hunter2 HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
    assertThat(failed().cause()).hasMessageContaining("plain HTTP").hasNoCause();
  }

  @Test
  @DisplayName("TLS 1.1")
  void old_version() throws Exception {
    say(clientHello(0x0302));
    assertThat(failed().cause()).hasMessageMatching("(?i).*(protocol|version).*");
  }

  @Test
  @DisplayName("no common suite")
  void no_common_suite() throws Exception {
    offer("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA");
    assertThat(failed().cause()).hasMessageMatching("(?i).*cipher.*");
  }

  @Test
  @DisplayName("a peer that goes away in the middle")
  void gone() throws Exception {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(clientHello(0x0303), 0, 20);
    }
    assertThat(failed().cause()).isNotInstanceOf(SslHandshakeTimeoutException.class);
  }

  @Test
  @DisplayName("a peer that falls silent is cut off when its time is over")
  void silent() throws Exception {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(clientHello(0x0303), 0, 20);
      assertThat(socket.getInputStream().readAllBytes()).isEmpty();
    }
    assertThat(failed().cause()).isInstanceOf(SslHandshakeTimeoutException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  @DisplayName("a client that does not accept our certificate")
  void not_trusted(String version) throws Exception {
    offer(version, version.equals("TLSv1.3") ? "TLS_AES_128_GCM_SHA256" : GCM);
    assertThat(failed().cause()).hasMessageMatching("(?i).*(alert|unknown).*");
  }

  /** A handshake that cannot succeed: nobody trusts the certificate of this server. */
  private void offer(String version, String suite) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, null, null);
    try (var socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", listener.port())) {
      socket.setEnabledProtocols(new String[] {version});
      socket.setEnabledCipherSuites(new String[] {suite});
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
    }
  }

  @Test
  @DisplayName("who connects and leaves without a byte is no failed handshake")
  void said_nothing() throws Exception {
    connect().close();
    await().until(() -> !failures.isEmpty());
    assertThat(failures).containsExactly(new SaidNothing("tls-test", "127.0.0.1"));
  }

  @Test
  @DisplayName("IPv6 is written as RFC 5952 does")
  void ipv6() throws Exception {
    new Socket(InetAddress.ofLiteral("::1"), listener.port()).close();
    await().until(() -> !failures.isEmpty());
    assertThat(failures).containsExactly(new SaidNothing("tls-test", "::1"));
  }
}
