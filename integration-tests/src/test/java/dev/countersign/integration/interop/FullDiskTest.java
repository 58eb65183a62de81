// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.integration.Answer;
import dev.countersign.integration.CommandLine;
import dev.countersign.integration.HttpsConnection;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.ServerProcess;
import dev.countersign.integration.SmallDisk;
import dev.countersign.integration.TestDevice;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A server whose disk is full")
class FullDiskTest {
  private static final int MIB = 1 << 20;

  /** The watch looks every two seconds; a machine that is busy takes its time. */
  private static final Duration SOON = Duration.ofSeconds(40);

  /** These devices send as fast as they can. */
  private static final String NO_RESERVE =
      """
      limits:
        quota:
          requestsPerMinute: 1000000
          burst: 1000000
      disk:
        warnFreeBytes: 0
        stopFreeBytes: 0
      """;

  private static final String RESERVE =
      """
      disk:
        warnFreeBytes: %d
        warnFreePercent: 100
        stopFreeBytes: %d
        stopFreePercent: 100
      """
          .formatted(100 * MIB, 60 * MIB);

  /** More than fits into what a log file has allocated ahead. */
  private static final String LARGE = (",{\"text\":\"" + "x".repeat(1_000) + "\"}").repeat(50);

  @TempDir private Path scratch;

  public static void main(String[] arguments) {
    SmallDisk.main(
        arguments,
        switch (arguments[0]) {
          case "no-byte-left" -> FullDiskTest::noByteLeft;
          case "reserve" -> FullDiskTest::reserve;
          case "start" -> FullDiskTest::start;
          default -> throw new IllegalArgumentException(arguments[0]);
        });
  }

  @Test
  @DisplayName("not one byte left: 503 and no false 204, reads go on; with room again it goes on")
  void recovers_from_a_full_disk() throws Exception {
    SmallDisk.run(FullDiskTest.class, "no-byte-left", 96, scratch);
  }

  @Test
  @DisplayName("before that, devices are refused, and operators can still revoke")
  void keeps_a_reserve_for_operators() throws Exception {
    SmallDisk.run(FullDiskTest.class, "reserve", 240, scratch);
  }

  @Test
  @DisplayName("a full or read-only disk at the start is said in one line, with what to do")
  void refuses_to_start() throws Exception {
    SmallDisk.run(FullDiskTest.class, "start", 64, scratch);
  }

  /** A device that sends 1, 2, 3 …, each until it is acknowledged. */
  private static final class Counter {
    final TestDevice device;
    final AtomicLong acknowledged = new AtomicLong();
    final AtomicLong refused = new AtomicLong();
    volatile boolean enough;

    Counter(TestDevice device) {
      this.device = device;
    }

    Void sendUntilEnough() throws IOException {
      try (HttpsConnection connection = device.connect()) {
        while (!enough) {
          long next = acknowledged.get() + 1;
          Answer answer =
              connection.send(
                  "POST",
                  "/v1/readings",
                  "{\"n\":" + next + ",\"text\":\"" + "x".repeat(500) + "\"}",
                  "Countersign-Sequence: " + next);
          if (answer.status() == 204) {
            acknowledged.incrementAndGet();
          } else {
            assertDiskFull(answer);
            refused.incrementAndGet();
          }
        }
      }
      return null;
    }
  }

  private static void assertDiskFull(Answer answer) {
    answer.expect(503);
    assertThat(answer.json().path("type").asString())
        .isEqualTo("urn:countersign:problem:disk-full");
    assertThat(answer.header("Retry-After")).isPresent();
  }

  private static void noByteLeft(SmallDisk disk) throws Exception {
    try (ServerProcess server = ServerProcess.start(disk.path(), NO_RESERVE);
        ExecutorService senders = Executors.newFixedThreadPool(2)) {
      var counters = List.of(new Counter(server.enrol("FD-1")), new Counter(server.enrol("FD-2")));
      List<Future<Void>> running = new ArrayList<>();
      for (Counter counter : counters) {
        running.add(senders.submit(counter::sendUntilEnough));
      }
      OperatorCalls operator = server.operator();
      try {
        // The first use of a certificate is written down, so that it cannot be on a full disk.
        await().until(() -> counters.stream().allMatch(c -> c.acknowledged.get() > 0));
        fillUnderLoad(server, disk, counters);
        operator.get("/v1/devices/FD-1/readings?last=1").expect(200);
        counters.getFirst().device.settings().expect(200);
        operator.get("/v1/status").expect(200);
        recoverUnderLoad(server, disk, counters);
      } finally {
        counters.forEach(counter -> counter.enough = true);
      }
      for (Future<Void> sender : running) {
        sender.get();
      }
      recoverAlone(server, disk, counters.getFirst());
      assertThat(server.errors())
          .contains("store=readings writes=failing")
          .contains("store=readings writes=recovered");

      assertExactlyOnce(operator, counters);
      server.kill();
      server.restart();
      assertExactlyOnce(server.operator(), counters);
      assertThat(server.terminate()).isZero();
      assertSound(server.directory().registry());
    }
  }

  private static void fillUnderLoad(ServerProcess server, SmallDisk disk, List<Counter> counters)
      throws IOException {
    var before = counters.stream().map(counter -> counter.refused.get()).toList();
    await()
        .atMost(SOON)
        .until(() -> {
          disk.fillUpTo(0); // again: the stores give back a little now and then
          return counters.get(0).refused.get() > before.get(0) + 5
              && counters.get(1).refused.get() > before.get(1) + 5;
        });
    await().atMost(SOON).until(() -> readiness(server) == 503);
  }

  private static void recoverUnderLoad(ServerProcess server, SmallDisk disk, List<Counter> counters)
      throws IOException {
    var before = counters.stream().map(counter -> counter.acknowledged.get()).toList();
    disk.makeRoom();
    await()
        .atMost(SOON)
        .until(() ->
            counters.get(0).acknowledged.get() > before.get(0)
                && counters.get(1).acknowledged.get() > before.get(1));
    await().atMost(SOON).until(() -> readiness(server) == 200);
  }

  /** Nobody sends any more, and the server has to find out by itself. */
  private static void recoverAlone(ServerProcess server, SmallDisk disk, Counter counter)
      throws Exception {
    try (HttpsConnection connection = counter.device.connect()) {
      await()
          // A log that is written over takes some hundreds more before it needs a new block.
          .pollInterval(Duration.ofMillis(1))
          .atMost(SOON.multipliedBy(3))
          .until(() -> {
            disk.fillUpTo(0);
            long next = counter.acknowledged.get() + 1;
            Answer answer =
                connection.send(
                    "POST",
                    "/v1/readings",
                    "[{\"n\":" + next + "}" + LARGE + "]",
                    "Countersign-Sequence: " + next);
            if (answer.status() == 204) {
              counter.acknowledged.incrementAndGet();
            }
            return answer.status() == 503;
          });
    }
    await().atMost(SOON).until(() -> readiness(server) == 503);
    disk.makeRoom();
    await().atMost(SOON).until(() -> readiness(server) == 200);
  }

  private static int readiness(ServerProcess server) throws Exception {
    return server.operator().get("/readyz").status();
  }

  private static void assertExactlyOnce(OperatorCalls operator, List<Counter> counters)
      throws IOException {
    for (Counter counter : counters) {
      List<Long> stored =
          operator.readings(counter.device.serial()).stream()
              .filter(reading -> reading.path("name").asString().equals("n"))
              .map(reading -> reading.path("value").asLong())
              .toList();
      assertThat(stored)
          .containsExactlyElementsOf(
              LongStream.rangeClosed(1, counter.acknowledged.get()).boxed().toList());
    }
    assertThat(operator.auditVerification().path("intact").asBoolean()).isTrue();
  }

  private static void assertSound(Path registry) throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + registry);
        var statement = connection.createStatement();
        var result = statement.executeQuery("PRAGMA integrity_check")) {
      assertThat(result.next()).isTrue();
      assertThat(result.getString(1)).isEqualTo("ok");
    }
  }

  private static void reserve(SmallDisk disk) throws Exception {
    try (ServerProcess server = ServerProcess.start(disk.path(), RESERVE)) {
      TestDevice device = server.enrol("FD-1");
      device.report("{\"n\":1}").expect(204);
      OperatorCalls operator = server.operator();
      String unusedToken = operator.addDevice("FD-2");

      disk.fillUpTo(80 * MIB);
      await().atMost(SOON).until(() -> alarm(operator) == 1);
      device.report("{\"n\":2}").expect(204);
      assertThat(readiness(server)).isEqualTo(200);

      disk.fillUpTo(40 * MIB);
      await().atMost(SOON).until(() -> alarm(operator) == 2);
      assertDiskFull(device.report("{\"n\":3}"));
      assertDiskFull(device.simpleReenrol(TestDevice.newKeys()));
      assertDiskFull(
          TestDevice.simpleEnrol(
              server, "FD-2", unusedToken, TestDevice.csr(TestDevice.newKeys())));
      assertDiskFull(
          device.send(
              "PUT", "/v1/settings/applied", "{\"version\":0,\"sha256\":\"" + EMPTY + "\"}"));
      device.settings().expect(200);
      assertThat(readiness(server)).isEqualTo(503);
      assertThat(operator.readings("FD-1")).hasSize(2);
      operator.set("FD-1", "{\"interval\":60}");
      operator.addDevice("FD-3");
      operator.revoke("FD-1");
      device.report("{\"n\":4}").expect(401);

      disk.makeRoom();
      await().atMost(SOON).until(() -> alarm(operator) == 0);
      assertThat(readiness(server)).isEqualTo(200);
      TestDevice.enrolWith(server, "FD-2", unusedToken, TestDevice.newKeys())
          .report("{\"n\":1}")
          .expect(204);
      assertThat(server.errors().lines().filter(line -> line.contains("disk=full"))).hasSize(2);
      assertThat(server.errors()).contains("disk=low directory=data", "disk=room directory=data");
    }
  }

  /** SHA-256 of {@code {}}. */
  private static final String EMPTY =
      "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

  private static int alarm(OperatorCalls operator) throws IOException {
    return operator
        .get("/metrics")
        .expect(200)
        .body()
        .lines()
        .filter(line -> line.startsWith("countersign_disk_alarm "))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.indexOf(' '))))
        .findFirst()
        .orElseThrow();
  }

  private static void start(SmallDisk disk) throws Exception {
    try (ServerProcess server = ServerProcess.start(disk.path(), NO_RESERVE)) {
      server.enrol("FD-1").report("{\"n\":1}").expect(204);
      assertThat(server.terminate()).isZero();

      disk.fillUpTo(5 * MIB);
      refuses(disk, "the disk is full: expected at least 32 MiB free", "make room");
      disk.makeRoom();
      disk.remount("ro");
      refuses(disk, "is on a file system that is mounted read-only", "mount it for writing");
      disk.remount("rw");

      server.restart();
      assertThat(server.operator().readings("FD-1")).hasSize(1);
    }
  }

  private static void refuses(SmallDisk disk, String cause, String remedy) throws IOException {
    CommandLine.Outcome outcome =
        CommandLine.run(
            Path.of(System.getProperty("java.io.tmpdir")),
            "serve",
            "--data",
            disk.path().resolve("data").toString());
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(1);
    assertThat(outcome.err()).contains("✘ ", cause, remedy).doesNotContain("Exception");
  }
}
