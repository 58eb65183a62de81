// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.client.sealed.RelayRefusedException.Hint;
import dev.countersign.client.transport.ServerRefusedException;
import dev.countersign.client.transport.TimeFloor;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.LostState;
import dev.countersign.protocol.sealed.OscoreMessage;
import dev.countersign.protocol.sealed.SealedMessage;
import dev.countersign.protocol.settings.Settings;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.protocol.settings.SettingsReceipt;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A sealed device")
class SealedDeviceTest {
  private final Random random = new Random(7);
  private final ModelServer server = ModelServer.oscore(random);
  private final MemoryNumbers numbers = new MemoryNumbers();
  private final MemoryKeys keys = new MemoryKeys();
  private final AtomicLong nanos = new AtomicLong();
  private final Relay relay = new Relay();
  private SealedDevice device = boot(server);

  SealedDeviceTest() throws IOException {}

  /** A relay that does as it is told, once for each word. */
  private final class Relay implements Carrier {
    private final List<Trick> tricks = new ArrayList<>();
    private final List<String> tokens = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();
    private Carrier next = server;

    @Override
    public String exchange(String token) throws IOException {
      tokens.add(token);
      server.observe(token);
      String answer =
          tricks.isEmpty() ? next.exchange(token) : tricks.remove(0).instead(token, next);
      answers.add(answer);
      return answer;
    }

    @Override
    public int maxTokenChars() {
      return next.maxTokenChars();
    }

    @Override
    public void close() {}
  }

  private interface Trick {
    String instead(String token, Carrier server) throws IOException;
  }

  private static final Trick LOSE_ANSWER =
      (token, server) -> {
        server.exchange(token);
        throw new IOException("the answer was lost");
      };

  private static Trick hint(Hint hint) {
    return (token, server) -> {
      throw ModelServer.hint(hint);
    };
  }

  private SealedDevice boot(ModelServer to) throws IOException {
    relay.next = to;
    SealedProfile profile =
        new SealedProfile(ModelServer.SERIAL, to.algorithm, Duration.ofMillis(1));
    return SealedDevice.open(
        profile,
        new SealedDevice.Platform(keys, numbers, new TimeFloor()),
        relay,
        random,
        nanos::get);
  }

  @AfterEach
  void no_number_twice() {
    assertThat(server.violations()).isEmpty();
  }

  private void send(int n) throws IOException, ProtocolException {
    device.send(("[{\"n\":" + n + "}]").getBytes(UTF_8), OptionalLong.of(n));
  }

  @Test
  @DisplayName("begins with a context of its own, sends, gets settings, and confirms them")
  void does_its_job() throws Exception {
    server.resources.set(ModelServer.settings(3, 30));
    send(1);
    SettingsAnswer settings = device.settings();
    device.confirm(new SettingsReceipt(settings.version(), settings.sha256()));
    assertThat(server.resources.stored).containsExactly(1.0);
    assertThat(settings.settings().toString()).isEqualTo("{\"interval\":30}");
    assertThat(server.resources.receipts).containsExactly(3L);
    assertThat(device.awaitSettings(3, Duration.ofMillis(1))).isEmpty();
    assertThat(device.awaitSettings(2, Duration.ofMillis(1))).isPresent();
  }

  private static int contextBytes(String token) {
    try {
      Optional<byte[]> named = ((OscoreMessage) SealedMessage.parse(token)).option().kidContext();
      return named.isPresent() ? LostState.idContext(named.get()).length : 0;
    } catch (MalformedException e) {
      throw new AssertionError("a device sends tokens", e);
    }
  }

  @Test
  @DisplayName("names its context until the server has answered under it")
  void announces_context() throws Exception {
    send(1);
    send(2);
    assertThat(relay.tokens.stream().map(SealedDeviceTest::contextBytes))
        .containsExactly(8, 24, 0); // R1, R2 ‖ R3, and then without
  }

  @Test
  @DisplayName("repeats the same bytes while an answer may still come")
  void repeats_bytes() throws Exception {
    send(1);
    relay.tricks.add(LOSE_ANSWER);
    assertThatThrownBy(() -> send(2)).isInstanceOf(IOException.class);
    send(2);
    assertThat(relay.tokens.get(3)).isEqualTo(relay.tokens.get(2));
    assertThat(server.resources.stored).containsExactly(1.0, 2.0);
  }

  @Test
  @DisplayName("takes a new number after a minute, and is stored once all the same")
  void new_number_after_a_minute() throws Exception {
    send(1);
    relay.tricks.add(LOSE_ANSWER);
    assertThatThrownBy(() -> send(2)).isInstanceOf(IOException.class);
    nanos.addAndGet(Duration.ofSeconds(61).toNanos());
    send(2);
    assertThat(relay.tokens.get(3)).isNotEqualTo(relay.tokens.get(2));
    assertThat(server.resources.stored).containsExactly(1.0, 2.0);
  }

  @Test
  @DisplayName("drops an answer that was held back for more than a minute")
  void drops_late_answers() throws Exception {
    send(1);
    relay.tricks.add((token, next) -> {
      String answer = next.exchange(token);
      nanos.addAndGet(Duration.ofSeconds(61).toNanos());
      return answer;
    });
    assertThatThrownBy(() -> device.settings()).hasMessageContaining("longer than 60 s");
  }

  @Test
  @DisplayName("refuses the answer to another request, also its own earlier one")
  void refuses_other_answers() throws Exception {
    server.resources.set(ModelServer.settings(1, 10));
    device.settings();
    String old = relay.answers.get(relay.answers.size() - 1);
    server.resources.set(ModelServer.settings(2, 20));
    relay.tricks.add((token, next) -> old);
    assertThatThrownBy(() -> device.settings()).isInstanceOf(NotAuthenticException.class);
    assertThat(device.settings().version()).isEqualTo(2);
  }

  @Test
  @DisplayName("refuses an answer with any bit changed")
  void refuses_altered_answers() throws Exception {
    send(1);
    for (int i = 0; i < 40; i++) {
      int at = i;
      relay.tricks.add((token, next) -> {
        char[] answer = next.exchange(token).toCharArray();
        int place = "o1.AA.".length() + at % (answer.length - 7);
        answer[place] = answer[place] == 'A' ? 'B' : 'A';
        return new String(answer);
      });
      assertThatThrownBy(() -> device.settings()).isInstanceOf(ProtocolException.class);
    }
    assertThat(device.settings().version()).isZero();
  }

  @Test
  @DisplayName("asks for a new context after three hints that it is unknown, and comes back")
  void three_hints() throws Exception {
    send(1);
    server.mustResync();
    for (int i = 0; i < SealedExchange.HINTS; i++) {
      assertThatThrownBy(() -> send(2)).isInstanceOf(RelayRefusedException.class);
    }
    byte[] before = numbers.of(1).context().orElseThrow();
    send(2);
    assertThat(numbers.of(1).context().orElseThrow()).isNotEqualTo(before);
    assertThat(server.resources.stored).containsExactly(1.0, 2.0);
  }

  @Test
  @DisplayName("a relay that invents hints costs a context and changes nothing else")
  void invented_hints() throws Exception {
    send(1);
    for (int i = 0; i < 20; i++) {
      relay.tricks.add(hint(i % 2 == 0 ? Hint.UNKNOWN : Hint.REPLAY));
      assertThatThrownBy(() -> send(2)).isInstanceOf(RelayRefusedException.class);
    }
    send(2);
    assertThat(server.resources.stored).containsExactly(1.0, 2.0);
  }

  @Test
  @DisplayName("a state that was restored from a copy is noticed by the first number used twice")
  void restored_state() throws Exception {
    send(1);
    var copy = new HashMap<>(numbers.stored);
    device = boot(server);
    send(2);
    numbers.stored.clear();
    numbers.stored.putAll(copy);
    device = boot(server);
    assertThatThrownBy(() -> send(3)).isInstanceOf(RelayRefusedException.class);
    send(3);
    assertThat(server.resources.stored).containsExactly(1.0, 2.0, 3.0);
    // The copy used one number for two messages, and no second one.
    assertThat(server.violations()).hasSize(1);
    server.violations().clear();
  }

  @Test
  @DisplayName("never begins at 0 under a context that was used, whatever became of the file")
  void lost_numbers() throws Exception {
    send(1);
    for (int i = 2; i < 6; i++) {
      numbers.stored.clear();
      device = boot(server);
      send(i);
    }
    assertThat(server.resources.stored).hasSize(5);
  }

  @Test
  @DisplayName("goes on at the bound after each start, and writes once for 64 numbers")
  void bound() throws Exception {
    send(1);
    int writes = numbers.writes;
    for (int i = 2; i < 64; i++) {
      send(i);
    }
    assertThat(numbers.writes).isEqualTo(writes);
    device = boot(server);
    send(64);
    assertThat(numbers.of(1).bound()).isEqualTo(128);
    assertThat(numbers.writes).isEqualTo(writes + 1);
  }

  @Test
  @DisplayName("seals nothing when the bound cannot be stored")
  void full_disk() throws Exception {
    send(1);
    device = boot(server);
    int before = relay.tokens.size();
    numbers.full = true;
    assertThatThrownBy(() -> send(2)).hasMessageContaining("no space");
    assertThat(relay.tokens).hasSize(before);
    numbers.full = false;
    send(2);
  }

  @Test
  @DisplayName("takes a new context when half of the numbers are used")
  void used_up() throws Exception {
    send(1);
    byte[] context = numbers.of(1).context().orElseThrow();
    numbers.stored.put(1, new Numbers(context, false, SequenceNumbers.END - 1));
    device = boot(server);
    send(2);
    send(3);
    assertThat(numbers.of(1).context().orElseThrow()).isNotEqualTo(context);
  }

  @Test
  @DisplayName("shows the newest Echo, and asks again when it was too old")
  void echo() throws Exception {
    server.resources.set(ModelServer.settings(1, 10));
    SettingsAnswer settings = device.settings();
    send(1);
    // Another device's question in between: the Echo that this one has is old now.
    server.resources.echo();
    device.confirm(new SettingsReceipt(1, settings.sha256()));
    assertThat(server.resources.receipts).containsExactly(1L);
    assertThat(server.resources.fresh).containsExactly(true);
  }

  @Test
  @DisplayName("changes its key, and goes on under the new one over restarts")
  void rekeys() throws Exception {
    send(1);
    device.rekey();
    assertThat(keys.stored).containsOnlyKeys(2);
    assertThat(server.keys).containsOnlyKeys(2);
    send(2);
    device = boot(server);
    send(3);
    device.rekey();
    assertThat(keys.stored).containsOnlyKeys(3);
    assertThat(server.resources.stored).containsExactly(1.0, 2.0, 3.0);
  }

  @Test
  @DisplayName("a rekey whose messages are lost leaves a key that both have")
  void lost_rekeys() throws Exception {
    send(1);
    // Never arrived: the server knows nothing of the new key.
    relay.tricks.add((token, next) -> next.exchange(token));
    relay.tricks.add((token, next) -> {
      throw new IOException("lost");
    });
    assertThatThrownBy(() -> device.rekey()).isInstanceOf(IOException.class);
    device = boot(server);
    eventually(() -> send(2));
    assertThat(keys.stored).containsOnlyKeys(1, 2);
    // Arrived, and the answer did not.
    relay.tricks.add((token, next) -> next.exchange(token));
    relay.tricks.add(LOSE_ANSWER);
    assertThatThrownBy(() -> device.rekey()).isInstanceOf(IOException.class);
    device = boot(server);
    eventually(() -> send(3));
    assertThat(keys.stored).containsOnlyKeys(2);
    assertThat(server.resources.stored).containsExactly(1.0, 2.0, 3.0);
  }

  private interface Work {
    void run() throws IOException, ProtocolException;
  }

  private void eventually(Work work) throws ProtocolException, IOException {
    for (int i = 0; i < 12; i++) {
      try {
        work.run();
        return;
      } catch (IOException e) {
        relay.tricks.clear(); // and again, as an agent does, but later
      }
    }
    work.run();
  }

  @Test
  @DisplayName("sends and gets block by block what is too large for the relay")
  void blocks() throws Exception {
    server.limit(255);
    var values = new HashMap<String, Scalar>();
    for (int i = 0; i < 40; i++) {
      values.put("name" + i, new Scalar.Text("x".repeat(20)));
    }
    server.resources.set(new SettingsAnswer(5, Settings.of(values), 0, 0, Instant.EPOCH));
    assertThat(device.settings().settings().values()).hasSize(40);
    var readings = new StringBuilder("[");
    for (int i = 0; i < 100; i++) {
      readings.append(i == 0 ? "" : ",").append("{\"n\":").append(i).append(".25}");
    }
    device.send(readings.append("]").toString().getBytes(UTF_8), OptionalLong.of(9));
    assertThat(server.resources.stored).hasSize(100);
    assertThat(relay.tokens).allMatch(token -> token.length() <= 255);
    assertThat(relay.answers).allMatch(token -> token.length() <= 255);
  }

  @Test
  @DisplayName("fetches anew when the settings change between two blocks")
  void changed_etag() throws Exception {
    server.resources.blockBytes = 16;
    server.resources.set(ModelServer.settings(1, 1.25));
    send(1);
    var asked = new AtomicLong();
    server.resources.between =
        () -> {
          if (asked.incrementAndGet() == 2) {
            server.resources.set(ModelServer.settings(2, 2.25));
          }
        };
    SettingsAnswer settings = device.settings();
    assertThat(settings.version()).isEqualTo(2);
    assertThat(settings.settings().toString()).isEqualTo("{\"interval\":2.25}");
  }

  @Test
  @DisplayName("hands refusals on in the words of the device API")
  void refusals() throws Exception {
    send(1);
    server.resources.instead.put("d", InnerMessage.of(CoapCode.CONFLICT));
    assertThatThrownBy(() -> send(2))
        .isInstanceOfSatisfying(
            ServerRefusedException.class,
            e -> {
              assertThat(e.status()).isEqualTo(409);
              assertThat(e.problem()).startsWith("sequence-");
            });
    server.resources.instead.put(
        "d",
        InnerMessage.of(CoapCode.TOO_MANY_REQUESTS)
            .withBody(new byte[] {(byte) 0xa1, 1, 0x18, 30}));
    assertThatThrownBy(() -> send(2))
        .isInstanceOfSatisfying(
            ServerRefusedException.class,
            e -> assertThat(e.retryAfter()).contains(Duration.ofSeconds(30)));
  }

  @Test
  @DisplayName("at level 1 asks for its number, and does the same job")
  void mac() throws Exception {
    var mac = new ModelServer(Optional.empty(), random);
    device = boot(mac);
    mac.highest = 1000;
    mac.resources.set(ModelServer.settings(3, 30));
    send(1);
    SettingsAnswer settings = device.settings();
    device.confirm(new SettingsReceipt(settings.version(), settings.sha256()));
    numbers.stored.clear();
    device = boot(mac);
    send(2);
    device.rekey();
    send(3);
    assertThat(mac.resources.stored).containsExactly(1.0, 2.0, 3.0);
    assertThat(mac.resources.receipts).containsExactly(3L);
    assertThat(mac.highest).isGreaterThan(1000);
  }

  @Test
  @DisplayName("at level 1 what is too large for the relay is refused before it is sent")
  void mac_has_no_blocks() throws Exception {
    var mac = new ModelServer(Optional.empty(), random);
    mac.limit(300);
    device = boot(mac);
    byte[] large = ("[{\"t\":\"" + "x".repeat(500) + "\"}]").getBytes(UTF_8);
    assertThatThrownBy(() -> device.send(large, OptionalLong.of(1)))
        .isInstanceOfSatisfying(
            ServerRefusedException.class, e -> assertThat(e.status()).isEqualTo(413));
  }

  @Test
  @DisplayName("works with each algorithm")
  void algorithms() throws Exception {
    for (SealedAlgorithm algorithm : SealedAlgorithm.values()) {
      numbers.stored.clear();
      var other = new ModelServer(Optional.of(algorithm), random);
      device = boot(other);
      send(1);
      assertThat(other.resources.stored).containsExactly(1.0);
    }
    assertThat(Arrays.stream(SealedAlgorithm.values()).count()).isEqualTo(3);
  }
}
