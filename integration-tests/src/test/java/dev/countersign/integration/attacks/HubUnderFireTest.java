// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.hub.Hub;
import dev.countersign.hub.HubOptions;
import dev.countersign.hub.device.DeviceCommand;
import dev.countersign.hub.device.HubDevice;
import dev.countersign.hub.gateway.Limits;
import dev.countersign.integration.Program;
import dev.countersign.integration.hub.TestMaker;
import dev.countersign.integration.hub.TestPhone;
import dev.countersign.integration.hub.TestPhone.Line;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.pairing.Role;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
@DisplayName("A hub that strangers and its own phones flood keeps answering its phones")
class HubUnderFireTest {
  /** Less than a silent connection may stay, or a stranger. */
  private static final Duration BEFORE_OTHER_LIMITS = Duration.ofSeconds(45);

  /** What both ends' kernels may hold of a stream that nobody reads, and more. */
  private static final long BUFFERS_OF_TCP_BYTES = 32L * 1024 * 1024;

  private static final String UPGRADE =
      String.join(
          "\r\n",
          "GET /v1/events HTTP/1.1",
          "Host: hub",
          "Upgrade: websocket",
          "Connection: Upgrade",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "\r\n");

  @TempDir private Path scratch;

  private final Chatterbox device = new Chatterbox();
  private final List<Socket> sockets = new ArrayList<>();
  private Hub hub;
  private TestPhone phone;

  /** Says much at each change. */
  private static final class Chatterbox implements HubDevice {
    private static final String LONG = "x".repeat(200);
    private final AtomicInteger changes = new AtomicInteger();
    private volatile Runnable listener = () -> {};

    void change() {
      changes.incrementAndGet();
      listener.run();
    }

    @Override
    public String model() {
      return "Chatterbox";
    }

    @Override
    public Map<String, Scalar> state() {
      var state = new java.util.HashMap<String, Scalar>();
      for (int i = 0; i < 100; i++) {
        state.put("text" + i, new Scalar.Text(LONG));
      }
      state.put("changes", new Scalar.Numeric(changes.get()));
      return state;
    }

    @Override
    public Map<String, Role> commands() {
      return Map.of("ring", Role.GUEST);
    }

    @Override
    public Outcome execute(DeviceCommand command) {
      return new Outcome.Done();
    }

    @Override
    public void whenChanged(Runnable told) {
      listener = told;
    }
  }

  @BeforeEach
  void start() throws Exception {
    Path state = scratch.resolve("hub");
    TestMaker.provision(state, new TestMaker().identity());
    var where = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Limits some = Limits.STANDARD;
    var limits =
        new Limits(
            some.maxHandshakes(),
            some.maxStrangers(),
            some.maxStrangersPerAddress(),
            Duration.ofSeconds(15),
            some.maxConnectionsPerPhone(),
            some.maxRequestBytes(),
            some.maxConcurrentRequests(),
            some.handshake(),
            some.idle());
    hub = Hub.open(new HubOptions(state, where, Optional.empty(), 16, limits), device);
    phone = new TestPhone("Ada").pair(hub.port(), hub.panel().screen().orElseThrow().code());
  }

  @AfterEach
  void stop() throws Exception {
    for (Socket each : sockets) {
      each.close();
    }
    hub.close();
  }

  private Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), hub.port());
    sockets.add(socket);
    return socket;
  }

  private void phoneStillWorks() throws IOException {
    assertThat(phone.command(hub.port(), "ring", "now").status()).isEqualTo(200);
  }

  @Test
  @DisplayName("a hundred connections that never say anything")
  void silent_connections() throws Exception {
    for (int i = 0; i < 100; i++) {
      connect();
    }
    phoneStillWorks();
  }

  @Test
  @DisplayName("a hundred that say a little of a handshake, and one byte more now and then")
  void slow_handshakes() throws Exception {
    byte[] begin = {22, 3, 1, 2, 0, 1, 0};
    for (int i = 0; i < 100; i++) {
      connect().getOutputStream().write(begin);
    }
    phoneStillWorks();
  }

  @Test
  @DisplayName("a hundred strangers that are through the handshake, and dawdle over a request")
  void strangers() throws Exception {
    int let = 0;
    for (int i = 0; i < 100; i++) {
      try {
        Line line = Line.open(connect(), "cs-pair/1", null);
        line.socket()
            .getOutputStream()
            .write(
                "POST /pair HTTP/1.1\r\nHost: hub\r\nContent-Length: 100\r\n\r\nx"
                    .getBytes(ISO_8859_1));
        let++;
      } catch (IOException e) {
        // turned away
      }
    }
    phoneStillWorks();
    assertThat(let).isPositive();
  }

  @Test
  @DisplayName("garbage instead of TLS, and TLS with garbage in it")
  void garbage() throws Exception {
    var random = new java.util.Random(7);
    for (int i = 0; i < 60; i++) {
      byte[] noise = new byte[1 + random.nextInt(5000)];
      random.nextBytes(noise);
      if (i % 3 == 0) {
        noise = "GET / HTTP/1.1\r\nHost: hub\r\n\r\n".getBytes(ISO_8859_1);
      } else if (i % 3 == 1) {
        noise[0] = 22;
        noise[1 % noise.length] = 3;
      }
      Socket socket = connect();
      socket.getOutputStream().write(noise);
      socket.shutdownOutput();
      socket.setSoTimeout(20_000);
      try {
        socket.getInputStream().readAllBytes();
      } catch (java.net.SocketTimeoutException e) {
        throw new AssertionError("the hub did not hang up", e);
      } catch (IOException e) {
        // reset
      }
    }
    phoneStillWorks();
  }

  @Test
  @DisplayName("older TLS, and foreign programs that offer nothing else")
  void older_tls() throws Exception {
    var openssl = Program.in(Files.createDirectories(scratch.resolve("tls")), "openssl");
    for (String version : List.of("-tls1_2", "-tls1_1")) {
      var run = openssl.run("s_client", "-connect", "localhost:" + hub.port(), version);
      assertThat(run.exitCode()).as(run.output()).isNotZero();
      assertThat(run.output()).doesNotContain("New, TLSv1");
    }
    assertThat(openssl.run("s_client", "-connect", "localhost:" + hub.port(), "-tls1_3").output())
        .contains("New, TLSv1.3");
  }

  /** Writes until the hub has had enough. */
  private static long writeUntilCut(OutputStream out, byte[] bytes) {
    var taken = new AtomicLong();
    long end = System.nanoTime() + BEFORE_OTHER_LIMITS.toNanos();
    assertThatThrownBy(
            () -> {
              while (System.nanoTime() < end) {
                out.write(bytes);
                taken.addAndGet(bytes.length);
              }
            })
        .as("the hub takes whatever comes, and keeps the answers")
        .isInstanceOf(IOException.class);
    return taken.get();
  }

  @Test
  @DisplayName("a stranger that asks and asks, and reads no answer, is heard no more, then cut off")
  void reads_no_answers() throws Exception {
    Line line = Line.open(connect(), "cs-pair/1", null);
    byte[] many = "GET /pair HTTP/1.1\r\nHost: hub\r\n\r\n".repeat(400).getBytes(ISO_8859_1);
    long taken = writeUntilCut(line.socket().getOutputStream(), many);
    assertThat(taken).isLessThan(BUFFERS_OF_TCP_BYTES);
    phoneStillWorks();
  }

  @Test
  @DisplayName("requests behind each other are answered in turn to who reads")
  void pipelining() throws Exception {
    try (Line line = phone.connect(hub.port())) {
      String one = "GET /v1/hub HTTP/1.1\r\nHost: hub\r\n\r\n";
      line.socket().getOutputStream().write(one.repeat(50).getBytes(ISO_8859_1));
      for (int i = 0; i < 50; i++) {
        assertThat(line.read().json().path("name").asString("")).isEqualTo("Ada");
      }
    }
  }

  private Line listen(Socket socket) throws IOException {
    Line line = Line.open(socket, "cs/1", phone.identity());
    line.socket().getOutputStream().write(UPGRADE.getBytes(ISO_8859_1));
    var seen = new StringBuilder();
    while (seen.indexOf("\r\n\r\n") < 0) {
      seen.append((char) line.socket().getInputStream().read());
    }
    assertThat(seen).contains(" 101 ");
    return line;
  }

  @Test
  @DisplayName("a phone that sends pings and reads no pongs is cut off")
  void pings() throws Exception {
    Line line = listen(connect());
    byte[] ping = new byte[6 + 125];
    ping[0] = (byte) 0x89;
    ping[1] = (byte) (0x80 | 125);
    byte[] many = new byte[ping.length * 100];
    for (int i = 0; i < 100; i++) {
      System.arraycopy(ping, 0, many, i * ping.length, ping.length);
    }
    long taken = writeUntilCut(line.socket().getOutputStream(), many);
    assertThat(taken).isLessThan(BUFFERS_OF_TCP_BYTES);
    phoneStillWorks();
  }

  @Test
  @DisplayName("a phone that does not read its events is cut off, one that reads gets them all")
  void reads_no_events() throws Exception {
    var socket = new Socket();
    sockets.add(socket);
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), hub.port()));
    Line deaf = listen(socket);
    try (Line reader = listen(connect())) {
      var read = new AtomicInteger();
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            try {
              var in = reader.socket().getInputStream();
              var buffer = new byte[16 * 1024];
              for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                read.addAndGet(n);
              }
            } catch (IOException e) {
              // ended
            }
          });
      org.awaitility.Awaitility.await()
          .atMost(BEFORE_OTHER_LIMITS)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> {
            device.change();
            return isReset(deaf);
          });
      int before = read.get();
      device.change();
      org.awaitility.Awaitility.await().until(() -> read.get() > before);
    }
    phoneStillWorks();
  }

  /** Whether writing to it fails, without reading what is in its way. */
  private static boolean isReset(Line line) {
    try {
      // A pong that nobody asked for (RFC 6455 §5.5.3).
      line.socket().getOutputStream().write(new byte[] {(byte) 0x8a, (byte) 0x80, 0, 0, 0, 0});
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  @DisplayName(
      "what a phone says where it should listen is thrown away, and too much of it ends it")
  void talks_on_events() throws Exception {
    Line line = listen(connect());
    var out = line.socket().getOutputStream();
    out.write(new byte[] {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, '{', '}'});
    phoneStillWorks();
    assertThat(line.socket().isClosed()).isFalse();
    byte[] large = new byte[8 + 4096];
    large[0] = (byte) 0x82;
    large[1] = (byte) 0xfe;
    large[2] = 0x10;
    out.write(large);
    line.socket().setSoTimeout(20_000);
    assertThat(line.socket().getInputStream().readAllBytes()).isNotNull();
    phoneStillWorks();
  }
}
