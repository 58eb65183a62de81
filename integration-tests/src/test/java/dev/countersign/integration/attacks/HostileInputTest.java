// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.integration.Answer;
import dev.countersign.integration.HttpsConnection;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.ServerProcess;
import dev.countersign.integration.TestDevice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("A server under attack refuses, forgets, and goes on answering the others")
class HostileInputTest {
  private static final int VARIANTS = 1000;
  private static final int IDLE_CONNECTIONS = 2000;
  private static final int STALLED_HANDSHAKES = 500;
  private static final int HALF_REQUESTS = 200;

  /** Generous: the process has 256 MiB of heap, and the attack would fill it without limits. */
  private static final long MAX_HEAP_GROWTH = 48L << 20;

  /** With BoringSSL the connections are outside the heap. */
  private static final long MAX_MEMORY_GROWTH = 300L << 20;

  private static final String LIMITS =
      """

      limits:
        requestTimeoutSeconds: 2
        handshakeTimeoutSeconds: 3
      """;

  private ServerProcess server;
  private OperatorCalls operator;
  private TestDevice device;
  private TestDevice attacker;

  @BeforeAll
  void startServer(@TempDir Path scratch) throws Exception {
    server = ServerProcess.start(scratch, LIMITS);
    operator = server.operator();
    device = server.enrol("HI-1");
    attacker = server.enrol("HI-2");
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  private static byte[] post(byte[] body) {
    byte[] head =
        ("POST /v1/readings HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length + "\r\n\r\n")
            .getBytes(US_ASCII);
    byte[] whole = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    return whole;
  }

  @Test
  @DisplayName("a thousand malformed bodies are a thousand clear refusals, and nothing is stored")
  void malformed_bodies() throws Exception {
    var malformed = new MalformedReadings(20_261_122);
    try (HttpsConnection connection = attacker.connect()) {
      for (int i = 0; i < VARIANTS; i++) {
        byte[] body = malformed.next();
        connection.write(post(body));
        Answer answer = connection.answer();
        String shown = new String(body, 0, Math.min(body.length, 200), ISO_8859_1);
        assertThat(answer.status()).as("%d: %s", i, shown).isEqualTo(400);
        assertThat(answer.json().path("type").asString()).endsWith(":malformed");
        assertThat(answer.json().path("detail").asString()).as(shown).contains("expected");
      }
    }
    assertThat(operator.readings("HI-2")).isEmpty();
  }

  @Test
  @DisplayName("a body of a mebibyte is 413, ten thousand headers are 431")
  void oversized_requests() throws Exception {
    try (HttpsConnection connection = attacker.connect()) {
      Thread.startVirtualThread(() -> writeAsMuchAsIsTaken(connection, post(new byte[1 << 20])));
      connection.answer().expect(413);
      assertThat(connection.endsWithin(Duration.ofSeconds(20))).isTrue();
    }
    try (HttpsConnection connection = attacker.connect()) {
      String headers = "x-filler: y\r\n".repeat(10_000);
      byte[] request = ("GET /v1/settings HTTP/1.1\r\n" + headers + "\r\n").getBytes(US_ASCII);
      Thread.startVirtualThread(() -> writeAsMuchAsIsTaken(connection, request));
      connection.answer().expect(431);
    }
    device.report("{\"after\":1}").expect(204);
  }

  /** The answer comes before all of it has been read, and soon after that the server hangs up. */
  private static void writeAsMuchAsIsTaken(HttpsConnection connection, byte[] request) {
    try {
      connection.write(request);
    } catch (IOException e) {
      // hung up
    }
  }

  @Test
  @DisplayName("idle connections, endless handshakes and half requests: the others are answered")
  void floods() throws Exception {
    latencies(); // the first ones are slow for other reasons
    List<Duration> calm = latencies();
    long heapBefore = heapAfterCollection();
    long memoryBefore = residentBytes();
    var attack = new ArrayList<AutoCloseable>();
    try {
      for (int i = 0; i < IDLE_CONNECTIONS; i++) {
        attack.add(attacker.connect());
      }
      for (int i = 0; i < HALF_REQUESTS; i++) {
        HttpsConnection half = attacker.connect();
        half.write("POST /v1/readings HTTP/1.1\r\nContent-Le".getBytes(US_ASCII));
        attack.add(half);
      }
      for (int i = 0; i < STALLED_HANDSHAKES; i++) {
        var stalled = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.devicePort());
        stalled.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
        attack.add(stalled);
      }
      List<Duration> attacked = latencies();
      System.out.printf(
          "latency of another device, median and worst: calm %s, under attack %s%n",
          summary(calm), summary(attacked));

      await().until(() -> metric("countersign_requests_total{", "status=\"408\"") >= 200);
      await().until(() -> metric("countersign_handshakes{", "listener=\"device-https\"") == 0);
      long heap = heapAfterCollection();
      long memory = residentBytes();
      System.out.printf(
          "heap before %d KiB, under attack %d KiB; resident before %d KiB, under attack %d KiB%n",
          heapBefore >> 10, heap >> 10, memoryBefore >> 10, memory >> 10);
      assertThat(heap).isLessThan(heapBefore + MAX_HEAP_GROWTH);
      assertThat(memory).isLessThan(memoryBefore + MAX_MEMORY_GROWTH);
    } finally {
      for (AutoCloseable connection : attack) {
        connection.close();
      }
    }
    await().until(() -> metric("countersign_connections{", "listener=\"device-https\"") == 0);
    long heap = heapAfterCollection();
    System.out.printf("heap after the attack %d KiB%n", heap >> 10);
    assertThat(heap).isLessThan(heapBefore + MAX_HEAP_GROWTH / 2);
  }

  /** Of requests on connections of their own, as a device that wakes up makes them. */
  private List<Duration> latencies() throws IOException {
    var latencies = new ArrayList<Duration>();
    for (int i = 0; i < 50; i++) {
      long begin = System.nanoTime();
      device.report("{\"n\":" + i + "}").expect(204);
      latencies.add(Duration.ofNanos(System.nanoTime() - begin));
    }
    return latencies.stream().sorted().toList();
  }

  private static String summary(List<Duration> sorted) {
    return sorted.get(sorted.size() / 2).toMillis()
        + " ms / "
        + sorted.getLast().toMillis()
        + " ms";
  }

  private double metric(String begin, String label) throws IOException {
    return operator
        .get("/metrics")
        .expect(200)
        .body()
        .lines()
        .filter(line -> line.startsWith(begin) && line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private long heapAfterCollection() throws Exception {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process collection =
        new ProcessBuilder(jcmd.toString(), Long.toString(server.pid()), "GC.run")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(collection.waitFor()).isZero();
    return (long) metric("jvm_memory_used_bytes{", "area=\"heap\"");
  }

  private long residentBytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + server.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
        .sum();
  }
}
