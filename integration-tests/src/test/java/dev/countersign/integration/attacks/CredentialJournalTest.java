// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.integration.Answer;
import dev.countersign.integration.HttpsConnection;
import dev.countersign.integration.JournalView;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.TestDevice;
import dev.countersign.integration.TestServer;
import dev.countersign.integration.TlsIdentity;
import dev.countersign.server.journal.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Each fails as a device in the field does, reads the journal, and then does what it advises. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("The journal says why a device was refused, and following it helps")
class CredentialJournalTest {
  private static final Duration LIFE = Duration.ofDays(90);

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

  private TestDevice usedDevice(String serial) throws Exception {
    TestDevice device = server.enrol(serial);
    device.report("{\"before\":1}").expect(204);
    return device;
  }

  private JournalView of(String serial) {
    return JournalView.of(operator, serial);
  }

  private void assertProven(String serial, Reason reason, String advice) throws IOException {
    assertNoted(serial, reason, false, advice);
  }

  private void assertClaimed(String serial, Reason reason, String advice) throws IOException {
    assertNoted(serial, reason, true, advice);
  }

  private void assertNoted(String serial, Reason reason, boolean isClaimed, String advice)
      throws IOException {
    var entry = of(serial).newest(reason);
    assertThat(entry.path("claimed").asBoolean()).isEqualTo(isClaimed);
    assertThat(entry.path("serial").asString()).isEqualTo(serial);
    assertThat(entry.path("listener").asString()).isEqualTo("device-https");
    assertThat(entry.path("address").asString()).isEqualTo("127.0.0.1");
    assertThat(entry.path("outcome").asString()).isEqualTo("refused");
    assertThat(entry.path("step").asString()).isEqualTo(reason.step().wireName());
    assertThat(entry.path("advice").asString()).contains(advice);
  }

  private Answer enrol(String serial, String token, KeyPair keys) throws Exception {
    return TestDevice.simpleEnrol(server, serial, token, TestDevice.csr(keys));
  }

  @Test
  @DisplayName("no certificate: the one that enrolment gave")
  void no_certificate() throws Exception {
    TestDevice device = usedDevice("CJ-1");
    JournalView strangers = JournalView.unattributed(operator);
    long before = strangers.count(Reason.NO_CERTIFICATE);
    try (HttpsConnection connection = server.connect()) {
      connection.get("/v1/settings").expect(401);
    }

    assertThat(strangers.count(Reason.NO_CERTIFICATE)).isEqualTo(before + 1);
    assertThat(strangers.newest(Reason.NO_CERTIFICATE).path("advice").asString())
        .contains("certificate and key");
    device.settings().expect(200);
  }

  @Test
  @DisplayName("a certificate of another installation: a claim, and a token of this one")
  void foreign_certificate() throws Exception {
    String token = operator.addDevice("CJ-2");
    TlsIdentity foreign = Forgery.ofAnotherAuthority("CJ-2", begin);
    try (HttpsConnection connection = server.connect(foreign)) {
      connection.get("/v1/settings").expect(401);
    }
    assertClaimed("CJ-2", Reason.FORGED_CERTIFICATE, "device token CJ-2");

    TlsIdentity selfMade = Forgery.selfSigned(usedDevice("CJ-18").identity().certificate(), begin);
    try (HttpsConnection connection = server.connect(selfMade)) {
      connection.get("/v1/settings").expect(401);
    }
    assertClaimed("CJ-18", Reason.FOREIGN_CERTIFICATE, "device token CJ-18");

    enrol("CJ-2", token, TestDevice.newKeys()).expect(200);
  }

  @Test
  @DisplayName("an expired certificate: renewal with it and a new key")
  void expired() throws Exception {
    TestDevice device = usedDevice("CJ-3");
    clock.set(begin.plus(LIFE).plusSeconds(86_400));
    device.settings().expect(401);
    assertProven("CJ-3", Reason.CERTIFICATE_EXPIRED, "simplereenroll");

    device.renewed().settings().expect(200);
  }

  @Test
  @DisplayName("a server clock that is behind: the right time")
  void clock_behind() throws Exception {
    TestDevice device = usedDevice("CJ-4");
    clock.set(begin.minus(Duration.ofDays(1)));
    device.settings().expect(401);

    clock.set(begin); // an operator would not get in either
    assertProven("CJ-4", Reason.CERTIFICATE_NOT_YET_VALID, "server's clock");
    device.settings().expect(200);
  }

  @Test
  @DisplayName("a revoked device: removed, added, enrolled with a new key")
  void revoked() throws Exception {
    TestDevice device = usedDevice("CJ-5");
    operator.revoke("CJ-5");
    device.settings().expect(401);
    assertProven("CJ-5", Reason.REVOKED, "device remove CJ-5");

    operator.send("DELETE", "/v1/devices/CJ-5", "").expect(204);
    server.enrol("CJ-5").settings().expect(200);
  }

  @Test
  @DisplayName("a suspended device: resumed")
  void suspended() throws Exception {
    TestDevice device = usedDevice("CJ-6");
    operator.suspend("CJ-6");
    device.settings().expect(403);
    assertProven("CJ-6", Reason.SUSPENDED, "device resume CJ-6");

    operator.resume("CJ-6");
    device.settings().expect(200);
  }

  @Test
  @DisplayName("a certificate whose successor is in use: a new token")
  void retired() throws Exception {
    TestDevice device = usedDevice("CJ-7");
    device.renewed().settings().expect(200);
    device.settings().expect(401);
    assertProven("CJ-7", Reason.RETIRED, "device token CJ-7");

    String token = operator.newToken("CJ-7");
    TestDevice.enrolWith(server, "CJ-7", token, TestDevice.newKeys()).settings().expect(200);
  }

  @Test
  @DisplayName("a certificate that the ledger does not know: a new token")
  void not_in_the_ledger() throws Exception {
    String token = operator.addDevice("CJ-8");
    TlsIdentity forged = Forgery.ofStolenAuthority(server, "CJ-8", begin);
    try (HttpsConnection connection = server.connect(forged)) {
      connection.get("/v1/settings").expect(401);
    }
    assertClaimed("CJ-8", Reason.CERTIFICATE_UNKNOWN, "device token CJ-8");

    enrol("CJ-8", token, TestDevice.newKeys()).expect(200);
  }

  @Test
  @DisplayName("tokens: wrong, void, expired, used, none; each time a new one")
  void tokens() throws Exception {
    String good = operator.addDevice("CJ-9");
    String other = operator.addDevice("CJ-10");
    for (int i = 0; i < 5; i++) {
      enrol("CJ-9", other, TestDevice.newKeys()).expect(401);
    }
    assertClaimed("CJ-9", Reason.WRONG_TOKEN, "device token CJ-9");
    await()
        .untilAsserted(() -> {
          enrol("CJ-9", good + "x", TestDevice.newKeys()).expect(401);
          enrol("CJ-9", good, TestDevice.newKeys()).expect(401);
        });
    assertClaimed("CJ-9", Reason.TOKEN_VOID, "device token CJ-9");

    String again = operator.newToken("CJ-9");
    clock.set(begin.plus(Duration.ofDays(8)));
    enrol("CJ-9", again, TestDevice.newKeys()).expect(401);
    assertClaimed("CJ-9", Reason.TOKEN_EXPIRED, "device token CJ-9");

    clock.set(begin);
    KeyPair keys = TestDevice.newKeys();
    enrol("CJ-9", again, keys).expect(200);
    enrol("CJ-9", again, TestDevice.newKeys()).expect(401);
    assertProven("CJ-9", Reason.TOKEN_USED, "device token CJ-9");
    TestDevice.enrolWith(server, "CJ-9", operator.newToken("CJ-9"), TestDevice.newKeys())
        .settings()
        .expect(200);
  }

  @Test
  @DisplayName("a serial that nobody registered: registered as it stands on the label")
  void unknown_serial() throws Exception {
    String other = operator.addDevice("CJ-11");
    enrol("CJ-404", other, TestDevice.newKeys()).expect(401);
    var entry = JournalView.unattributed(operator).newest(Reason.UNKNOWN_SERIAL);
    assertThat(entry.path("serial").asString()).isEqualTo("CJ-404");
    assertThat(entry.path("claimed").asBoolean()).isTrue();
    assertThat(entry.toString()).doesNotContain(other);

    enrol("CJ-404", operator.addDevice("CJ-404"), TestDevice.newKeys()).expect(200);
  }

  @Test
  @DisplayName("a key of another device: a key of its own")
  void key_in_use() throws Exception {
    TestDevice first = usedDevice("CJ-12");
    String token = operator.addDevice("CJ-13");
    enrol("CJ-13", token, first.keys()).expect(409);
    assertProven("CJ-13", Reason.KEY_IN_USE, "new key");

    enrol("CJ-13", token, TestDevice.newKeys()).expect(200);
  }

  @Test
  @DisplayName("a bad certificate request: one as the advice says")
  void bad_csr() throws Exception {
    String token = operator.addDevice("CJ-14");
    TestDevice.simpleEnrol(server, "CJ-14", token, new byte[] {1, 2, 3}).expect(400);
    assertProven("CJ-14", Reason.BAD_CSR, "openssl req -new");

    enrol("CJ-14", token, TestDevice.newKeys()).expect(200);
  }

  @Test
  @DisplayName("what a device sends wrongly: the detail names the field")
  void requests() throws Exception {
    TestDevice device = usedDevice("CJ-15");
    device.report("{\"temperature\":}").expect(400);
    assertProven("CJ-15", Reason.MALFORMED, "detail");
    device.report("{\"7\":1}").expect(400);
    device.send("POST", "/v1/readings", "x", "Content-Type: text/plain").expect(415);
    assertProven("CJ-15", Reason.MEDIA_TYPE, "Content-Type");
    device.send("GET", "/v2/settings", "").expect(404);
    assertProven("CJ-15", Reason.NO_SUCH_PATH, "protocol.md");
    device.report("{\"t\":1}", "Countersign-Sequence: 7").expect(204);
    device.report("{\"t\":2}", "Countersign-Sequence: 7").expect(409);
    assertProven("CJ-15", Reason.SEQUENCE_REUSED, "Countersign-Sequence");
    device.report("\"" + "x".repeat(70_000) + "\"").expect(413);
    assertProven("CJ-15", Reason.TOO_LARGE, "maxRequestBytes");
    assertThat(of("CJ-15").entries().toString()).doesNotContain("temperature\":");
  }

  @Test
  @DisplayName("whoever is no operator, on the operators' port")
  void not_an_operator() throws Exception {
    TestDevice device = usedDevice("CJ-16");
    try (HttpsConnection connection =
        HttpsConnection.open(
            server.operatorPort(), server.root(), Optional.of(device.identity()))) {
      connection.get("/v1/status").expect(401);
    }
    var entry = of("CJ-16").newest(Reason.NOT_AN_OPERATOR);
    assertThat(entry.path("listener").asString()).isEqualTo("operator-https");
  }

  @Test
  @DisplayName("the same reasons are metrics")
  void counts_reasons() throws Exception {
    TestDevice device = usedDevice("CJ-17");
    device.report("no JSON").expect(400);
    assertThat(operator.get("/metrics").body())
        .containsPattern(
            "countersign_refusals_total\\{reason=\"malformed\",step=\"request\"} [1-9]");
  }
}
