// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.integration.AgentProcess;
import dev.countersign.integration.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Agents and their server are killed under load, at random.
 *
 * <p>How the test knows what was taken: an agent says at its start how many lines its queue ever
 * took, so the feeder goes on behind that, as a program on a device would. {@code
 * -Dcountersign.kills=100} for a long run, {@code -Dcountersign.seed=N} for the same one again.
 */
@DisplayName("Agents and a server that are killed under load")
class AgentCrashTest {
  private static final int KILLS = Integer.getInteger("countersign.kills", 6);
  private static final long SEED = Long.getLong("countersign.seed", System.nanoTime());
  private static final int AGENTS = 2;
  private static final int MAX_LINES_AT_ONCE = 30;
  private static final int MAX_PORTIONS = 20;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Random random = new Random(SEED);

  /** Feeds {@code {"n":1}}, {@code {"n":2}} … to one agent after the other on the same state. */
  private static final class Feeder {
    private final AgentProcess.Device device;
    private AgentProcess agent;
    private long next;

    Feeder(AgentProcess.Device device) throws IOException {
      this.device = device;
      start();
    }

    /** Small, so that it is full at times. */
    final void start(String... more) throws IOException {
      var options = new ArrayList<>(List.of("--queue-lines", "400"));
      options.addAll(List.of(more));
      agent = AgentProcess.start(device, options.toArray(String[]::new));
      next = agent.await("started").path("taken").asLong() + 1;
    }

    void feed(int lines) throws IOException {
      var text = new StringBuilder();
      for (int i = 0; i < lines; i++) {
        text.append("{\"n\":").append(next++).append("}\n");
      }
      agent.feed(text.toString());
    }

    long taken() {
      List<JsonNode> taken = agent.events("taken");
      JsonNode last = taken.isEmpty() ? agent.events("started").getFirst() : taken.getLast();
      return last.path("taken").asLong();
    }
  }

  @Test
  @DisplayName("every line that was taken is stored exactly once, in order, whatever was killed")
  void delivers_exactly_once(@TempDir Path scratch) throws Exception {
    var feeders = new ArrayList<Feeder>();
    try (ServerProcess server = ServerProcess.startOnFixedPorts(scratch)) {
      for (int i = 0; i < AGENTS; i++) {
        String serial = "AC-" + i;
        feeders.add(
            new Feeder(
                new AgentProcess.Device(
                    server.deviceUrl(),
                    serial,
                    server.operator().addDevice(serial),
                    scratch.resolve(serial).resolve("state"))));
      }
      int serverKills = 0;
      for (int kill = 0; kill < KILLS; kill++) {
        load(feeders);
        settle(feeders);
        if (random.nextInt(3) == 0) {
          serverKills++;
          server.kill();
          load(feeders);
          server.restart();
        } else {
          Feeder victim = feeders.get(random.nextInt(AGENTS));
          victim.agent.kill();
          victim.start();
        }
      }
      System.out.printf("seed %d: %d kills, %d of them of the server%n", SEED, KILLS, serverKills);
      for (Feeder feeder : feeders) {
        assertExactlyOnce(server, feeder);
      }
      assertThat(server.terminate()).isZero();
    } finally {
      feeders.forEach(feeder -> feeder.agent.close());
    }
  }

  /** Waits until some of what was fed is taken; or not, and the kill falls into a start. */
  private void settle(List<Feeder> feeders) {
    if (random.nextInt(3) > 0) {
      Feeder one = feeders.get(random.nextInt(AGENTS));
      long enough = one.next - 1 - random.nextInt(2 * MAX_LINES_AT_ONCE);
      await().atMost(PATIENCE).until(() -> one.taken() >= enough);
    }
  }

  /** Feeds some lines in portions, without waiting for what becomes of them. */
  private void load(List<Feeder> feeders) throws IOException {
    int portions = random.nextInt(MAX_PORTIONS);
    for (int i = 0; i < portions; i++) {
      feeders.get(random.nextInt(AGENTS)).feed(1 + random.nextInt(MAX_LINES_AT_ONCE));
    }
  }

  private static void assertExactlyOnce(ServerProcess server, Feeder feeder) throws Exception {
    feeder.feed(1);
    long fed = feeder.next - 1;
    await().atMost(PATIENCE).until(() -> feeder.taken() == fed);
    assertThat(feeder.agent.terminate()).isZero();
    feeder.start("--once");
    feeder.agent.endInput();
    await().atMost(PATIENCE).until(() -> !feeder.agent.isAlive());
    assertThat(feeder.agent.end()).as(feeder.agent.errors()).isZero();

    List<Long> stored =
        server.operator().readings(feeder.device.serial()).stream()
            .map(reading -> reading.path("value").asLong())
            .toList();
    System.out.printf("%s: %d lines stored%n", feeder.device.serial(), stored.size());
    assertThat(stored).isEqualTo(LongStream.rangeClosed(1, fed).boxed().toList());
  }
}
