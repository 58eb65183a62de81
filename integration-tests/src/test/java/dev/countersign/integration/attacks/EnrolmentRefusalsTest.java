// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.integration.Answer;
import dev.countersign.integration.HttpsConnection;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.TestDevice;
import dev.countersign.integration.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("Enrolment gives a certificate to the one device that was meant")
class EnrolmentRefusalsTest {
  /** All of it comes from one address here, and fails on purpose. */
  private static final String MANY_ATTEMPTS =
      """

      limits:
        enrolment:
          maxFailuresPerAddress: 1000
      """;

  private final MutableClock clock = MutableClock.atMachineTime();
  private final Instant begin = clock.instant();
  private TestServer server;
  private OperatorCalls operator;

  @BeforeAll
  void startServer(@TempDir Path scratch) throws Exception {
    server = TestServer.start(scratch.resolve("data"), clock, MANY_ATTEMPTS);
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

  private Answer enrol(String serial, String token) throws Exception {
    return enrol(serial, token, TestDevice.newKeys());
  }

  private Answer enrol(String serial, String token, KeyPair keys) throws Exception {
    return TestDevice.simpleEnrol(server, serial, token, TestDevice.csr(keys));
  }

  private Answer refusal() throws IOException {
    try (HttpsConnection connection = server.connect()) {
      return connection.get("/v1/settings").expect(401);
    }
  }

  /** A token of the right form that nobody gave out. */
  private static String wrong(String token) {
    int dot = token.lastIndexOf('.');
    char first = token.charAt(dot + 1);
    return token.substring(0, dot + 1) + (first == 'A' ? 'B' : 'A') + token.substring(dot + 2);
  }

  private String tokenState(String serial) throws IOException {
    for (JsonNode credential : operator.device(serial).path("credentials")) {
      if (credential.path("kind").asString().equals("token")) {
        return credential.path("state").asString();
      }
    }
    return "none";
  }

  @Test
  @DisplayName("a used token enrols no other key; the same key fetches the same certificate")
  void binds_a_token_to_its_first_key() throws Exception {
    String token = operator.addDevice("EN-1");
    KeyPair keys = TestDevice.newKeys();
    Answer first = enrol("EN-1", token, keys).expect(200);

    assertThat(enrol("EN-1", token)).isEqualTo(refusal());
    clock.advance(Duration.ofHours(24).minusMinutes(1));
    Answer again = enrol("EN-1", token, keys).expect(200);
    assertThat(TestDevice.certificate(again)).isEqualTo(TestDevice.certificate(first));

    clock.advance(Duration.ofMinutes(2));
    assertThat(enrol("EN-1", token, keys)).isEqualTo(refusal());
    assertThat(operator.audit("EN-1", "device-enrolled")).hasSize(1);
  }

  @Test
  @DisplayName("another serial's token, an unknown serial, a wrong token: the same answer [A5]")
  void gives_no_oracle() throws Exception {
    String token = operator.addDevice("EN-2");
    String other = operator.addDevice("EN-3");
    operator.addDevice("EN-18"); // takes some of the failures, five of which would void a token

    assertThat(enrol("EN-2", other)).isEqualTo(refusal());
    assertThat(enrol("EN-UNKNOWN", token)).isEqualTo(refusal());
    assertThat(enrol("EN-2", wrong(token))).isEqualTo(refusal());
    assertThat(enrol("EN-18", "")).isEqualTo(refusal());
    assertThat(enrol("EN-18", "x".repeat(1000))).isEqualTo(refusal());
    assertThat(enrol("no such: serial", token)).isEqualTo(refusal());
    assertThat(TestDevice.simpleEnrol(server, "EN-2", wrong(token), new byte[] {1}))
        .as("nothing is said of the request to somebody unknown")
        .isEqualTo(refusal());

    enrol("EN-3", other).expect(200);
    enrol("EN-2", token).expect(200);
  }

  @Test
  @DisplayName("broken Basic credentials are wrong credentials")
  void refuses_broken_basic() throws Exception {
    for (String header :
        new String[] {"Basic", "Basic ", "Basic !", "Basic QUJD", "Bearer x", "Digest a=b"}) {
      try (HttpsConnection connection = server.connect()) {
        Answer answer =
            connection.send(
                "POST",
                "/.well-known/est/simpleenroll",
                "AAAA",
                "Authorization: " + header,
                "Content-Type: application/pkcs10");
        assertThat(answer).as(header).isEqualTo(refusal());
      }
    }
  }

  @Test
  @DisplayName("five wrong tokens void the right one, and the operator can see it")
  void five_failures_void_a_token() throws Exception {
    String spared = operator.addDevice("EN-4");
    String token = operator.addDevice("EN-5");
    for (int i = 0; i < 4; i++) {
      enrol("EN-4", wrong(spared)).expect(401);
      enrol("EN-5", wrong(token)).expect(401);
    }
    enrol("EN-4", spared).expect(200);
    enrol("EN-5", wrong(token)).expect(401);

    await().until(() -> tokenState("EN-5").equals("void"));
    assertThat(enrol("EN-5", token)).isEqualTo(refusal());
    assertThat(operator.audit("EN-5", "token-voided")).hasSize(1);

    enrol("EN-5", operator.newToken("EN-5")).expect(200);
  }

  @Test
  @DisplayName("a token lives seven days, and a new one voids it")
  void tokens_end() throws Exception {
    String inTime = operator.addDevice("EN-6");
    String late = operator.addDevice("EN-7");
    String replaced = operator.addDevice("EN-8");
    String fresh = operator.newToken("EN-8");

    assertThat(enrol("EN-8", replaced)).isEqualTo(refusal());
    enrol("EN-8", fresh).expect(200);
    clock.advance(Duration.ofDays(7).minusMinutes(1));
    enrol("EN-6", inTime).expect(200);
    clock.advance(Duration.ofMinutes(2));
    assertThat(enrol("EN-7", late)).isEqualTo(refusal());
  }

  @Test
  @DisplayName("a revoked device's token opens nothing; a suspended one's says so")
  void refuses_tokens_of_stopped_devices() throws Exception {
    String revoked = operator.addDevice("EN-9");
    operator.revoke("EN-9");
    assertThat(enrol("EN-9", revoked)).isEqualTo(refusal());
    operator.send("POST", "/v1/devices/EN-9/token", "").expect(409);

    String suspended = operator.addDevice("EN-10");
    operator.suspend("EN-10");
    enrol("EN-10", suspended).expect(403);
    operator.resume("EN-10");
    enrol("EN-10", suspended).expect(200);
  }

  @Test
  @DisplayName("a request without proof of its key is refused, and does not spend the token [A15]")
  void refuses_requests_without_proof() throws Exception {
    String token = operator.addDevice("EN-11");
    KeyPair stolen = TestDevice.newKeys();

    byte[] csr = Forgery.csrWithoutProof("EN-11", stolen);
    Answer refused = TestDevice.simpleEnrol(server, "EN-11", token, csr).expect(400);
    assertThat(refused.json().path("detail").asString()).startsWith("csr");

    TestDevice.simpleEnrol(server, "EN-11", token, Forgery.csrNaming("EN-11", stolen)).expect(200);
  }

  @Test
  @DisplayName("a request that names another device is refused [A5]")
  void refuses_foreign_names() throws Exception {
    String token = operator.addDevice("EN-12");
    operator.addDevice("EN-13");

    byte[] csr = Forgery.csrNaming("EN-13", TestDevice.newKeys());
    Answer refused = TestDevice.simpleEnrol(server, "EN-12", token, csr).expect(400);
    assertThat(refused.json().path("detail").asString()).contains("subject");
    TestDevice.simpleEnrol(server, "EN-12", token, new byte[] {0x30, 0x00}).expect(400);

    enrol("EN-12", token).expect(200);
  }

  @Test
  @DisplayName("a key that is published is refused with an alarm [B16]")
  void refuses_published_keys() throws Exception {
    String token = operator.addDevice("EN-14");

    enrol("EN-14", token, Forgery.publishedKey()).expect(400);

    assertThat(operator.audit("EN-14", "enrolment-alarm")).hasSize(1);
    enrol("EN-14", token).expect(200);
  }

  @Test
  @DisplayName("a key that another device has is refused with an alarm [A15, B1]")
  void refuses_keys_of_other_devices() throws Exception {
    TestDevice first = server.enrol("EN-15");
    String token = operator.addDevice("EN-16");

    Answer refused = enrol("EN-16", token, first.keys()).expect(409);
    assertThat(refused.body()).as("whose it is is not told").doesNotContain("EN-15");
    assertThat(operator.audit("EN-16", "enrolment-alarm")).hasSize(1);

    TestDevice second = TestDevice.enrolWith(server, "EN-16", token, TestDevice.newKeys());
    second.simpleReenrol(first.keys()).expect(409);
    assertThat(operator.audit("EN-16", "enrolment-alarm")).hasSize(2);
    first.settings().expect(200);
  }

  @Test
  @DisplayName("the key of an operator is no device's either")
  void refuses_keys_of_operators() throws Exception {
    String token = operator.addDevice("EN-17");
    var identity = operator.identity();
    var keys = new KeyPair(identity.certificate().getPublicKey(), identity.key());

    enrol("EN-17", token, keys).expect(409);
    enrol("EN-17", token).expect(200);
  }

  @Test
  @DisplayName("after all that every certificate belongs to a device that was meant")
  void issues_nothing_else() throws Exception {
    for (JsonNode certificate : operator.get("/v1/certificates?kind=device").lines()) {
      assertThat(certificate.path("subject").asString()).matches("EN-\\d+");
    }
    assertThat(operator.auditVerification().path("intact").asBoolean()).isTrue();
  }
}
