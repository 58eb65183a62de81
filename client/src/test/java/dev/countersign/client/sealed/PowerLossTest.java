// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.client.sealed.RelayRefusedException.Hint;
import dev.countersign.client.transport.TimeFloor;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.protocol.settings.SettingsReceipt;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A device whose power fails at any moment, behind a relay that loses, repeats, delays, mixes up
 * and invents. More of it: {@code -Dcountersign.powerlosses=1000}, {@code -Dcountersign.seed=…}.
 */
@DisplayName("A sealed device that loses its power")
class PowerLossTest {
  private static final int LOSSES = Integer.getInteger("countersign.powerlosses", 40);
  private static final long SEED = Long.getLong("countersign.seed", 20_261_122L);

  private static final List<Hint> HINTS = List.of(Hint.values());

  private final Random random = new Random(SEED);
  private final Power power = new Power(random);
  private final PowerLossQueue queue = new PowerLossQueue(power, random);
  private final MemoryKeys keys = new MemoryKeys();
  private final MemoryNumbers numbers = new MemoryNumbers();
  private final List<String> answers = new ArrayList<>();
  private boolean faults = true;
  private long nanos;

  @ParameterizedTest(name = "level {0}")
  @ValueSource(ints = {1, 2})
  @DisplayName("uses no number twice, loses and doubles nothing, and comes back by itself")
  void survives(int level) throws Exception {
    ModelServer server =
        level == 2 ? ModelServer.oscore(random) : new ModelServer(Optional.empty(), random);
    for (int i = 0; i < LOSSES; i++) {
      power.failsWithin(120);
      runUntilLost(server);
      queue.restart();
      nanos += random.nextInt(120) * 1_000_000_000L;
      if (random.nextInt(20) == 0) {
        numbers.stored.clear(); // flash that forgot
      }
      if (random.nextInt(20) == 0) {
        server.mustResync(); // a server that was restored
      }
    }
    power.stays();
    faults = false;
    server.resources.set(ModelServer.settings(1_000_000, 1));
    try (SealedDevice device = boot(server)) {
      for (int i = 0; i < 20 || queue.waiting() > 0; i++) {
        assertThat(i).as("attempts to come back").isLessThan(100_000);
        turn(device, server, i);
      }
      assertThat(device.settings().version()).isEqualTo(1_000_000);
    }
    assertThat(server.violations()).isEmpty();
    assertThat(server.resources.stored)
        .containsExactlyElementsOf(
            IntStream.range(0, queue.taken()).mapToObj(n -> (double) n).toList());
    assertThat(queue.taken()).isGreaterThan(LOSSES);
  }

  private void runUntilLost(ModelServer server) throws Exception {
    try (SealedDevice device = boot(server)) {
      for (int i = 0; ; i++) {
        turn(device, server, i);
      }
    } catch (Power.LostError e) {
      assertThat(e).hasMessage("the power failed");
    }
  }

  private SealedDevice boot(ModelServer server) throws IOException {
    SealedDevice.NumbersOf failing = generation -> new Failing(numbers.generation(generation));
    return SealedDevice.open(
        new SealedProfile(ModelServer.SERIAL, server.algorithm, Duration.ofMillis(1)),
        new SealedDevice.Platform(new FailingKeys(), failing, new TimeFloor()),
        new Relay(server),
        random,
        () -> nanos);
  }

  /** What an agent does in one round, with failures that it would wait after. */
  private void turn(SealedDevice device, ModelServer server, int i) {
    try {
      switch (random.nextInt(faults ? 12 : 6)) {
        case 0 -> {
          server.resources.set(ModelServer.settings(random.nextInt(1000), 5));
          SettingsAnswer settings = device.settings();
          device.confirm(new SettingsReceipt(settings.version(), settings.sha256()));
        }
        case 1 -> device.awaitSettings(i, Duration.ZERO);
        case 11 -> rekey(device, server);
        default -> send(device);
      }
    } catch (IOException | ProtocolException | GeneralSecurityException e) {
      nanos += random.nextInt(30) * 1_000_000_000L;
    }
    if (!faults) {
      server.resources.set(ModelServer.settings(1_000_000, 1));
    }
  }

  private static void rekey(SealedDevice device, ModelServer server)
      throws IOException, ProtocolException, GeneralSecurityException {
    if (server.keys.lastKey() < 200) {
      device.rekey();
    }
  }

  private void send(SealedDevice device) throws IOException, ProtocolException {
    if (faults && random.nextInt(3) > 0) {
      queue.offer(1 + random.nextInt(3));
    }
    if (queue.waiting() == 0) {
      return;
    }
    var readings = new StringBuilder();
    int begin = queue.begin();
    for (int n = begin; n < queue.end(); n++) {
      readings.append(n == begin ? "[" : ",").append("{\"n\":").append(n).append('}');
    }
    // Its number: nothing that was ever sent has the same, and it is the same again.
    device.send(readings.append(']').toString().getBytes(UTF_8), OptionalLong.of(begin + 1));
    queue.acknowledge();
  }

  /** Loses, repeats, delays, mixes up, invents, and notes every number it sees. */
  private final class Relay implements Carrier {
    private final ModelServer server;

    Relay(ModelServer server) {
      this.server = server;
    }

    @Override
    public String exchange(String token) throws IOException {
      server.observe(token);
      power.moment();
      String answer = faults ? mistreated(token) : server.exchange(token);
      power.moment();
      return answer;
    }

    private String mistreated(String token) throws IOException {
      int act = random.nextInt(20);
      if (act == 0) {
        throw new IOException("lost on the way there");
      } else if (act == 1 && !answers.isEmpty()) {
        return answers.get(random.nextInt(answers.size()));
      } else if (act == 2) {
        throw ModelServer.hint(HINTS.get(random.nextInt(HINTS.size())));
      } else if (act == 3) {
        return "o1.AA.AAAA";
      }
      String answer = server.exchange(token);
      answers.add(answer);
      if (act == 4) {
        throw new IOException("lost on the way back");
      } else if (act == 5) {
        return server.exchange(token);
      } else if (act == 6) {
        nanos += 61_000_000_000L;
      }
      return answer;
    }

    @Override
    public int maxTokenChars() {
      return server.maxTokenChars();
    }

    @Override
    public void close() {}
  }

  /** A write is there whole or not at all, and the power may fail on either side of it. */
  private final class Failing implements NumbersStorage {
    private final NumbersStorage storage;

    Failing(NumbersStorage storage) {
      this.storage = storage;
    }

    @Override
    public Optional<Numbers> load() throws IOException {
      return storage.load();
    }

    @Override
    public void store(Numbers stored) throws IOException {
      power.moment();
      storage.store(stored);
      power.moment();
    }
  }

  private final class FailingKeys implements DeviceKeys {
    @Override
    public List<GenerationKey> load() {
      return keys.load();
    }

    @Override
    public void follow(GenerationKey next) {
      power.moment();
      keys.follow(next);
      power.moment();
    }

    @Override
    public void settle(int generation) {
      power.moment();
      keys.settle(generation);
      power.moment();
    }
  }
}
