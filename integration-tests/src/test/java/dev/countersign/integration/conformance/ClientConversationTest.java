// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.client.DeviceClient;
import dev.countersign.client.identity.DeviceIdentity;
import dev.countersign.client.identity.FileIdentityStorage;
import dev.countersign.client.transport.ServerRefusedException;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.TestServer;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.est.EnrolmentToken;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.protocol.telemetry.Reading;
import dev.countersign.protocol.x509.Certificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("The device SDK with its server")
class ClientConversationTest {
  private Path scratch = Path.of("");
  private TestServer server;
  private OperatorCalls operator;

  @BeforeAll
  void startServer(@TempDir Path directory) throws Exception {
    scratch = directory;
    server = TestServer.start(directory.resolve("data"), MutableClock.atMachineTime());
    operator = server.operator();
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  private DeviceClient enrol(String serial) throws Exception {
    return DeviceClient.enrol(
        server.deviceUrl(),
        new DeviceSerial(serial),
        EnrolmentToken.parse(operator.addDevice(serial)),
        new FileIdentityStorage(scratch.resolve(serial)));
  }

  private static List<Reading> reading(double value) {
    return List.of(new Reading("t", new Scalar.Numeric(value), null));
  }

  @Test
  @DisplayName("sends readings, under a number each once")
  void sends_readings() throws Exception {
    Instant measured = Instant.parse("2026-11-21T20:30:00Z");
    try (DeviceClient device = enrol("CC-1")) {
      device.send(List.of(new Reading("door", new Scalar.Text("closed"), measured)));
      device.send(reading(1), OptionalLong.of(1));
      device.send(reading(1), OptionalLong.of(1));
      device.send(reading(2), OptionalLong.of(2));
      assertThatThrownBy(() -> device.send(reading(3), OptionalLong.of(2)))
          .isInstanceOfSatisfying(
              ServerRefusedException.class, e -> assertThat(e.status()).isEqualTo(409));
    }
    assertThat(operator.readings("CC-1"))
        .extracting(reading -> reading.path("value").toString())
        .containsExactly("\"closed\"", "1", "2");
    assertThat(operator.readings("CC-1").getFirst().path("at").asString())
        .isEqualTo(measured.toString());
  }

  @Test
  @DisplayName("pulls settings, waits for others, and confirms them")
  void follows_settings() throws Exception {
    try (DeviceClient device = enrol("CC-2")) {
      SettingsAnswer none = device.settings();
      assertThat(none.version()).isZero();
      assertThat(device.awaitSettings(0, Duration.ZERO)).isEmpty();

      var waiting =
          new FutureTask<Optional<SettingsAnswer>>(
              () -> device.awaitSettings(0, Duration.ofSeconds(60)));
      Thread.ofVirtual().start(waiting);
      operator.set("CC-2", "{\"interval\":60,\"mode\":\"eco\",\"on\":true}");
      SettingsAnswer changed = waiting.get(30, TimeUnit.SECONDS).orElseThrow();

      assertThat(changed.version()).isEqualTo(1);
      assertThat(changed.settings().values())
          .containsEntry("interval", new Scalar.Numeric(60))
          .containsEntry("mode", new Scalar.Text("eco"))
          .containsEntry("on", new Scalar.Flag(true));
      device.confirm(changed);
      assertThat(operator.settings("CC-2").path("applied").path("sha256").asString())
          .isEqualTo(changed.sha256().hex());
    }
  }

  @Test
  @DisplayName("renews with a new key, keeps it, and goes on with it after a restart")
  void renews() throws Exception {
    var storage = new FileIdentityStorage(scratch.resolve("CC-3"));
    try (DeviceClient device = enrol("CC-3")) {
      device.send(reading(1));
      DeviceIdentity before = device.identity();
      device.renew();
      device.send(reading(2));
      assertThat(Certificates.keyHash(device.identity().certificate()))
          .isNotEqualTo(Certificates.keyHash(before.certificate()));
      assertThat(storage.load().orElseThrow().certificate())
          .isEqualTo(device.identity().certificate());
    }
    try (DeviceClient again = DeviceClient.open(server.deviceUrl(), storage)) {
      again.send(reading(3));
    }
    assertThat(operator.readings("CC-3")).hasSize(3);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(scratch.resolve("CC-3").resolve("identity.pem"))))
        .isEqualTo("rw-------");
  }

  @Test
  @DisplayName("is told by an exception when it does not count any more")
  void is_told_when_revoked() throws Exception {
    try (DeviceClient device = enrol("CC-4")) {
      device.send(reading(1));
      operator.revoke("CC-4");
      await()
          .ignoreExceptions() // the connection that was cut
          .untilAsserted(() ->
              assertThatThrownBy(() -> device.send(reading(2)))
                  .isInstanceOfSatisfying(
                      ServerRefusedException.class, e -> assertThat(e.status()).isEqualTo(401)));
    }
    assertThat(operator.readings("CC-4")).hasSize(1);
  }

  @Test
  @DisplayName("a used token and a wrong serial enrol nothing")
  void is_told_when_not_admitted() throws Exception {
    EnrolmentToken token = EnrolmentToken.parse(operator.addDevice("CC-5"));
    var storage = new FileIdentityStorage(scratch.resolve("CC-5"));
    assertThatThrownBy(() ->
            DeviceClient.enrol(server.deviceUrl(), new DeviceSerial("CC-NONE"), token, storage))
        .isInstanceOfSatisfying(
            ServerRefusedException.class, e -> assertThat(e.status()).isEqualTo(401));
    assertThat(storage.load()).isEmpty();

    DeviceClient.enrol(server.deviceUrl(), new DeviceSerial("CC-5"), token, storage).close();
    assertThatThrownBy(
            () -> DeviceClient.enrol(server.deviceUrl(), new DeviceSerial("CC-5"), token, storage))
        .isInstanceOf(ServerRefusedException.class);
  }
}
