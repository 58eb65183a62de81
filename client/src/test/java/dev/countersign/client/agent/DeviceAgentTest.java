// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.client.DeviceClient;
import dev.countersign.client.identity.FileIdentityStorage;
import dev.countersign.client.retry.Pace;
import dev.countersign.client.settings.FileSettingsStorage;
import dev.countersign.client.settings.SettingsApplier;
import dev.countersign.client.settings.SettingsNotAppliedException;
import dev.countersign.client.telemetry.FileMessageQueue;
import dev.countersign.client.telemetry.QueueLimits;
import dev.countersign.client.transport.TimeFloor;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.ReleaseTime;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.est.EnrolmentToken;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.protocol.telemetry.Reading;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A device that runs by itself")
class DeviceAgentTest {
  private static final Instant BEGIN = ReleaseTime.EARLIEST.plus(Duration.ofDays(30));
  private static final Pace QUICK =
      new Pace(Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(5));

  /** The limit of this device. */
  private static final double MAX_INTERVAL = 3600;

  @TempDir private Path directory = Path.of("");
  private final List<AgentEvent> events = new CopyOnWriteArrayList<>();
  private final List<Double> applied = Collections.synchronizedList(new ArrayList<>());
  private final SettingsApplier applier =
      settings -> {
        double interval = interval(settings);
        if (interval > MAX_INTERVAL) {
          throw new SettingsNotAppliedException("interval: expected at most 3600, got " + interval);
        }
        applied.add(interval);
      };
  private Optional<Instant> storedFloor = Optional.empty();
  private FakeServer server;
  private FileMessageQueue queue;
  private final List<DeviceAgent> agents = new ArrayList<>();

  private static double interval(SettingsAnswer settings) {
    Scalar interval = settings.settings().values().get("interval");
    return interval instanceof Scalar.Numeric number ? number.value() : 0;
  }

  @BeforeEach
  void prepare() throws Exception {
    server = new FakeServer(BEGIN);
    queue = FileMessageQueue.open(directory.resolve("queue"), QueueLimits.STANDARD);
  }

  @AfterEach
  void end() throws IOException {
    agents.forEach(DeviceAgent::close);
    queue.close();
  }

  private void start() throws IOException {
    start(Optional.of(server.token));
  }

  private void start(Optional<EnrolmentToken> token) throws IOException {
    var floorStorage =
        new TimeFloor.Storage() {
          @Override
          public Optional<Instant> load() {
            return storedFloor;
          }

          @Override
          public void store(Instant floor) {}
        };
    var platform =
        new DeviceClient.Platform(identities(), TimeFloor.stored(floorStorage, e -> {}), server);
    agents.add(
        DeviceAgent.start(
            new DeviceAgent.Account(
                URI.create("https://localhost:8443"),
                new DeviceSerial("SN-1"),
                token,
                Optional.empty()),
            new DeviceAgent.State(platform, queue, new FileSettingsStorage(directory)),
            applier,
            events::add,
            QUICK));
  }

  private FileIdentityStorage identities() throws IOException {
    return new FileIdentityStorage(directory);
  }

  private void stop() {
    agents.getLast().close();
  }

  private void restart() throws IOException {
    restart(Optional.of(server.token));
  }

  private void restart(Optional<EnrolmentToken> token) throws IOException {
    stop();
    events.clear();
    start(token);
  }

  private void send(double value) throws Exception {
    send("n", value);
  }

  private void send(String name, double value) throws Exception {
    agents.getLast().send(List.of(new Reading(name, new Scalar.Numeric(value), null)));
  }

  private <T extends AgentEvent> T await(Class<T> type) {
    Awaitility.await(type.getSimpleName()).until(() -> events.stream().anyMatch(type::isInstance));
    return type.cast(events.stream().filter(type::isInstance).findFirst().orElseThrow());
  }

  @Test
  @DisplayName("enrols, and sends what it is given in order, under rising numbers")
  void sends_in_order() throws Exception {
    start();
    for (int n = 1; n <= 100; n++) {
      send(n);
    }
    Awaitility.await().until(() -> queue.size() == 0);
    assertThat(server.stored()).hasSize(100).isSorted();
    assertThat(server.sequences()).isSorted().doesNotHaveDuplicates();
    assertThat(await(AgentEvent.Enrolled.class).until()).isEqualTo(BEGIN.plus(FakeServer.LIFE));
  }

  @Test
  @DisplayName("sends the same number again after failures, and waits as long as the server says")
  void repeats_after_failures() throws Exception {
    server.readingsAnswers.add(FakeServer.problem(503, "overloaded", "retry-after", "1"));
    server.readingsAnswers.add(FakeServer.answer(500));
    start();
    send(1);
    Awaitility.await().until(() -> server.stored().size() == 1);
    assertThat(server.sequences()).containsExactly(1L, 1L, 1L);
    AgentEvent.Waiting waiting = await(AgentEvent.Waiting.class);
    assertThat(waiting.trouble()).isEqualTo(Trouble.OVERLOADED);
    assertThat(waiting.retryIn()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    await(AgentEvent.Recovered.class);
  }

  @Test
  @DisplayName("goes on with higher numbers where the server knows others, and says so")
  void skips_used_numbers() throws Exception {
    server.readingsAnswers.add(FakeServer.problem(409, "sequence-reused"));
    server.readingsAnswers.add(FakeServer.problem(409, "sequence-too-old"));
    start();
    send(1);
    Awaitility.await().until(() -> server.stored().size() == 1);
    assertThat(server.sequences()).containsExactly(1L, 65L, 193L);
    assertThat(await(AgentEvent.NumberRefused.class).next()).isEqualTo(65);
  }

  @Test
  @DisplayName("one reading that the server will never take holds up no other")
  void sets_poison_aside() throws Exception {
    server.poison = "bad";
    start();
    send(1);
    send("bad", 2);
    send(3);
    Awaitility.await().until(() -> queue.size() == 0);
    assertThat(server.stored()).containsExactly(1.0, 3.0);
    await(AgentEvent.ReadingsRefused.class);
  }

  @Test
  @DisplayName("applies newer settings, and never goes back to older ones or changed ones [A2]")
  void refuses_older_settings() throws Exception {
    server.set(5, 50);
    start();
    await(AgentEvent.SettingsConfirmed.class);
    server.set(4, 40);
    assertThat(await(AgentEvent.SettingsRefused.class).version()).isEqualTo(4);
    events.clear();
    server.set(5, 55);
    assertThat(await(AgentEvent.SettingsRefused.class).version()).isEqualTo(5);
    server.set(4, 40);
    restart();
    assertThat(await(AgentEvent.SettingsRefused.class).version()).isEqualTo(4);
    server.set(6, 60);
    await(AgentEvent.SettingsConfirmed.class);
    assertThat(applied).containsExactly(50.0, 60.0);
    assertThat(server.receipts()).containsExactly(5L, 6L);
  }

  @Test
  @DisplayName("settings that the device refuses are not confirmed, whoever sent them [A31]")
  void the_device_has_the_last_word() throws Exception {
    server.set(1, 1_000_000);
    start();
    assertThat(await(AgentEvent.SettingsNotApplied.class).why()).contains("at most 3600");
    server.set(2, 60);
    await(AgentEvent.SettingsConfirmed.class);
    restart();
    await(AgentEvent.SettingsCurrent.class);
    assertThat(server.receipts()).containsExactly(2L);
    assertThat(applied).containsExactly(60.0);
  }

  @Test
  @DisplayName("a receipt is sent until the server has it, also after a restart")
  void repeats_receipts() throws Exception {
    server.set(1, 10);
    for (int i = 0; i < 1000; i++) {
      server.receiptAnswers.add(FakeServer.answer(503));
    }
    start();
    await(AgentEvent.Waiting.class);
    stop();
    server.receiptAnswers.clear();
    restart();
    await(AgentEvent.SettingsConfirmed.class);
    assertThat(applied).as("applied once").containsExactly(10.0);
    assertThat(server.receipts()).containsExactly(1L);
  }

  @Test
  @DisplayName("renews at half of its certificate's life, with a new key")
  void renews_at_half_life() throws Exception {
    start();
    await(AgentEvent.SettingsCurrent.class);
    PublicKey before = identities().load().orElseThrow().certificate().getPublicKey();
    storedFloor = Optional.of(BEGIN.plus(FakeServer.LIFE.dividedBy(2)).minusSeconds(60));
    restart();
    await(AgentEvent.SettingsCurrent.class);
    assertThat(events).noneMatch(AgentEvent.Renewed.class::isInstance);

    Instant late = BEGIN.plus(FakeServer.LIFE.multipliedBy(6).dividedBy(10)).plusSeconds(60);
    storedFloor = Optional.of(late);
    server.now = late;
    restart();
    assertThat(await(AgentEvent.Renewed.class).until()).isEqualTo(late.plus(FakeServer.LIFE));
    assertThat(identities().load().orElseThrow().certificate().getPublicKey()).isNotEqualTo(before);
    send(1);
    Awaitility.await().until(() -> server.stored().size() == 1);
    assertThat(server.enrolments()).containsExactly("token", "renewal");
  }

  @Test
  @DisplayName("a certificate that is refused is renewed, for it may have expired meanwhile")
  void renews_when_refused() throws Exception {
    start();
    await(AgentEvent.SettingsCurrent.class);
    stop();
    Instant muchLater = BEGIN.plus(Duration.ofDays(200));
    server.now = muchLater;
    server.accepts = certificate -> certificate.getNotAfter().toInstant().isAfter(muchLater);
    restart();
    send(7);
    Awaitility.await().until(() -> server.stored().size() == 1);
    assertThat(server.enrolments()).containsExactly("token", "renewal");
  }

  @Test
  @DisplayName("a device that is out keeps its readings, says so, and tries no token twice")
  void keeps_readings_while_refused() throws Exception {
    start();
    await(AgentEvent.SettingsCurrent.class);
    stop();
    server.accepts = certificate -> false;
    server.renewsRefused = false;
    server.acceptsTokens = false;
    EnrolmentToken wrong =
        EnrolmentToken.generate(server.token.rootFingerprint(), new SecureRandom());
    restart(Optional.of(wrong));
    send(1);
    Awaitility.await()
        .until(() ->
            events.stream()
                    .filter(AgentEvent.Waiting.class::isInstance)
                    .map(AgentEvent.Waiting.class::cast)
                    .filter(waiting -> waiting.trouble() == Trouble.CREDENTIAL_REFUSED)
                    .count()
                > 5);
    restart(Optional.of(wrong));
    await(AgentEvent.Waiting.class);
    assertThat(server.enrolments().stream().filter("token"::equals)).hasSize(2);
    assertThat(queue.size()).isEqualTo(1);

    server.acceptsTokens = true;
    server.accepts = certificate -> true;
    restart(Optional.empty());
    Awaitility.await().until(() -> server.stored().size() == 1);
  }

  @Test
  @DisplayName("after an enrolment by a new token, versions of settings may begin anew")
  void forgets_settings_when_enrolled_again() throws Exception {
    server.set(9, 90);
    start();
    await(AgentEvent.SettingsConfirmed.class);
    stop();
    X509Times.refuseFirst(server);
    server.set(1, 10);
    EnrolmentToken fresh =
        EnrolmentToken.generate(server.token.rootFingerprint(), new SecureRandom());
    restart(Optional.of(fresh));
    await(AgentEvent.Enrolled.class);
    await(AgentEvent.SettingsConfirmed.class);
    assertThat(applied).containsExactly(90.0, 10.0);
  }

  @Test
  @DisplayName("ends when its token is not accepted, and asks once")
  void ends_on_a_bad_token() throws Exception {
    server.acceptsTokens = false;
    start();
    assertThat(await(AgentEvent.Ended.class).advice()).contains("device token SN-1");
    assertThat(server.enrolments()).containsExactly("token");
  }

  /** Certificates by when they began. */
  private static final class X509Times {
    private X509Times() {}

    /** What was issued until now counts no more, not even for a renewal. */
    static void refuseFirst(FakeServer server) {
      server.renewsRefused = false;
      Instant later = BEGIN.plusSeconds(1);
      server.now = later;
      server.accepts = certificate -> !certificate.getNotBefore().toInstant().isBefore(later);
    }
  }
}
