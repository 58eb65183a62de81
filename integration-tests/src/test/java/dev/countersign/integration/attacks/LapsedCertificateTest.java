// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.Answer;
import dev.countersign.integration.HttpsConnection;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.TestDevice;
import dev.countersign.integration.TestServer;
import dev.countersign.integration.TlsIdentity;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("A certificate that has expired opens a renewal and nothing else [A8]")
class LapsedCertificateTest {
  private static final Duration LIFE = Duration.ofDays(90);
  private static final Duration GRACE = Duration.ofDays(400);

  private final MutableClock clock = MutableClock.atMachineTime();
  private final Instant begin = clock.instant();
  private TestServer server;
  private OperatorCalls operator;

  @BeforeAll
  void startServer(@TempDir Path scratch) throws Exception {
    server = TestServer.start(scratch.resolve("data"), clock);
    operator = server.operator();
  }

  @BeforeEach
  void setBack() {
    clock.set(begin);
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  private void at(Duration sinceBegin) {
    clock.set(begin.plus(sinceBegin));
  }

  private TestDevice usedDevice(String serial) throws Exception {
    TestDevice device = server.enrol(serial);
    device.report("{\"before\":1}").expect(204);
    return device;
  }

  @Test
  @DisplayName("everything but the renewal is refused with the constant body")
  void opens_nothing_else() throws Exception {
    TestDevice device = usedDevice("LC-1");
    at(LIFE.minusSeconds(10));
    device.settings().expect(200);

    at(LIFE.plusDays(1));
    Answer refusal;
    try (HttpsConnection connection = server.connect()) {
      refusal = connection.get("/v1/settings").expect(401);
    }
    List<Answer> answers;
    try (HttpsConnection connection = device.connect()) {
      answers = ImpostorTest.everything(connection);
    }

    assertThat(answers.subList(0, answers.size() - 1)).containsOnly(refusal);
    assertThat(answers.getLast().status()).as("simplereenroll").isEqualTo(200);
    assertThat(operator.readings("LC-1")).hasSize(1);
  }

  @Test
  @DisplayName("an open connection ends its rights with the certificate")
  void expires_on_an_open_connection() throws Exception {
    TestDevice device = usedDevice("LC-2");
    try (HttpsConnection connection = device.connect()) {
      connection.get("/v1/settings").expect(200);
      at(LIFE.plusDays(1));
      connection.get("/v1/settings").expect(401);
    }
  }

  @Test
  @DisplayName("the renewal takes a new key, not the same one, and once")
  void renews_with_a_new_key() throws Exception {
    TestDevice device = usedDevice("LC-3");
    at(LIFE.plusDays(1));

    Answer sameKey = device.simpleReenrol(device.keys()).expect(400);
    assertThat(sameKey.json().path("detail").asString()).startsWith("csr");
    TestDevice renewed = device.renewed();
    renewed.report("{\"after\":1}").expect(204);

    device.simpleReenrol(TestDevice.newKeys()).expect(401);
    assertThat(operator.audit("LC-3", "certificate-renewed"))
        .singleElement()
        .satisfies(entry ->
            assertThat(entry.path("details").path("afterExpiry").asString()).isEqualTo("true"));
  }

  @Test
  @DisplayName("the renewal is open for 400 days and not a day longer")
  void closes_after_the_grace() throws Exception {
    TestDevice early = usedDevice("LC-4");
    TestDevice late = usedDevice("LC-5");

    at(LIFE.plus(GRACE).minusHours(1));
    early.renewed();
    at(LIFE.plus(GRACE).plusHours(1));
    late.simpleReenrol(TestDevice.newKeys()).expect(401);
  }

  @Test
  @DisplayName("only the newest certificate renews, also when its successor was never used")
  void refuses_what_is_not_the_newest() throws Exception {
    TestDevice device = usedDevice("LC-6");
    at(Duration.ofDays(60));
    TestDevice successor = device.renewed();

    at(Duration.ofDays(60).plus(LIFE).plusDays(1));
    device.simpleReenrol(TestDevice.newKeys()).expect(401);
    successor.simpleReenrol(TestDevice.newKeys()).expect(200);
  }

  @Test
  @DisplayName("a successor whose answer was lost is asked for again with its key, and no other")
  void repeats_a_lost_answer() throws Exception {
    TestDevice device = usedDevice("LC-10");
    at(LIFE.plusDays(1));
    KeyPair lost = TestDevice.newKeys();
    device.simpleReenrol(lost).expect(200); // and the power failed before this was stored

    at(LIFE.plusDays(9));
    device.simpleReenrol(TestDevice.newKeys()).expect(401);
    Answer answer = device.simpleReenrol(lost).expect(200);
    var renewed =
        new TestDevice(
            server,
            "LC-10",
            lost,
            new TlsIdentity(lost.getPrivate(), TestDevice.certificate(answer)));
    renewed.report("{\"after\":1}").expect(204);
    device.simpleReenrol(lost).expect(401);
  }

  @Test
  @DisplayName("a revoked device does not come back by its expired certificate")
  void refuses_revoked_devices() throws Exception {
    TestDevice revoked = usedDevice("LC-7");
    TestDevice other = usedDevice("LC-8");
    operator.revoke("LC-7");

    at(LIFE.plusDays(1));
    revoked.simpleReenrol(TestDevice.newKeys()).expect(401);
    other.simpleReenrol(TestDevice.newKeys()).expect(200);
  }

  @Test
  @DisplayName("an expired certificate of another authority renews nothing")
  void refuses_foreign_certificates() throws Exception {
    usedDevice("LC-9");
    var forged =
        new TestDevice(
            server, "LC-9", TestDevice.newKeys(), Forgery.ofAnotherAuthority("LC-9", begin));
    var stolen =
        new TestDevice(
            server, "LC-9", TestDevice.newKeys(), Forgery.ofStolenAuthority(server, "LC-9", begin));

    at(LIFE.plusDays(1));
    forged.simpleReenrol(TestDevice.newKeys()).expect(401);
    stolen.simpleReenrol(TestDevice.newKeys()).expect(401);
  }
}
