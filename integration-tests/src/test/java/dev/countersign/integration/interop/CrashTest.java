// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.integration.HttpsConnection;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.ServerProcess;
import dev.countersign.integration.TestDevice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A server that is killed in the middle of its work")
class CrashTest {
  private static final int DEVICES = 6;
  private static final int ROUNDS = 5;

  /** Acknowledgements before a kill: another number each round, so that it falls elsewhere. */
  private static final int[] ACKNOWLEDGED_BEFORE_KILL = {40, 3, 111, 17, 260};

  /** A device that sends 1, 2, 3 …, each until it is acknowledged. */
  private static final class Counter {
    private final TestDevice device;
    private long next = 1;

    Counter(TestDevice device) {
      this.device = device;
    }

    /** Sends until the server is gone. */
    void sendUntilKilled(AtomicInteger acknowledged) {
      try (HttpsConnection connection = device.connect()) {
        while (true) {
          sendNext(connection);
          acknowledged.incrementAndGet();
        }
      } catch (IOException e) {
        return; // killed: what was not acknowledged is sent again
      }
    }

    void sendNext(HttpsConnection connection) throws IOException {
      connection
          .send("POST", "/v1/readings", "{\"n\":" + next + "}", "Countersign-Sequence: " + next)
          .expect(204);
      next++;
    }
  }

  @Test
  @DisplayName("after kill -9, five times, every acknowledged reading is there exactly once [A18]")
  void keeps_what_it_acknowledged(@TempDir Path scratch) throws Exception {
    try (ServerProcess server = ServerProcess.start(scratch);
        ExecutorService senders = Executors.newFixedThreadPool(DEVICES)) {
      var counters = new ArrayList<Counter>();
      for (int i = 0; i < DEVICES; i++) {
        counters.add(new Counter(server.enrol("CR-" + i)));
      }
      for (int round = 0; round < ROUNDS; round++) {
        server.operator().addDevice("ROUND-" + round);
        killUnderLoad(server, senders, counters, ACKNOWLEDGED_BEFORE_KILL[round]);
        server.restart();
      }
      for (Counter counter : counters) {
        try (HttpsConnection connection = counter.device.connect()) {
          counter.sendNext(connection);
        }
      }
      assertThat(counters).allSatisfy(counter -> assertThat(counter.next).isGreaterThan(ROUNDS));
      assertExactlyOnce(server.operator(), counters);
      assertThat(server.terminate()).isZero();
    }
  }

  private static void killUnderLoad(
      ServerProcess server, ExecutorService senders, List<Counter> counters, int acknowledgements)
      throws Exception {
    var acknowledged = new AtomicInteger();
    List<Future<?>> running = new ArrayList<>();
    for (Counter counter : counters) {
      running.add(senders.submit(() -> counter.sendUntilKilled(acknowledged)));
    }
    await().until(() -> acknowledged.get() >= acknowledgements);
    server.kill();
    for (Future<?> sender : running) {
      sender.get();
    }
  }

  private static void assertExactlyOnce(OperatorCalls operator, List<Counter> counters)
      throws IOException {
    for (Counter counter : counters) {
      List<Long> stored =
          operator.readings(counter.device.serial()).stream()
              .map(reading -> reading.path("value").asLong())
              .toList();
      List<Long> acknowledged = LongStream.range(1, counter.next).boxed().toList();
      assertThat(stored).containsExactlyElementsOf(acknowledged);
    }
    for (int round = 0; round < ROUNDS; round++) {
      operator.device("ROUND-" + round);
    }
    assertThat(operator.auditVerification().path("intact").asBoolean()).isTrue();
  }
}
