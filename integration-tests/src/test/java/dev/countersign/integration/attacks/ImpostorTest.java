// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.Answer;
import dev.countersign.integration.HttpsConnection;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.TestDevice;
import dev.countersign.integration.TestServer;
import dev.countersign.integration.TlsIdentity;
import dev.countersign.protocol.est.EstBody;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("Whoever is not the device is refused, always with the same words")
class ImpostorTest {
  private static final String SERIAL = "SN-1";

  private final Map<String, Optional<TlsIdentity>> impostors = new LinkedHashMap<>();
  private TestServer server;
  private OperatorCalls operator;
  private TestDevice genuine;

  @BeforeAll
  void startServer(@TempDir Path scratch) throws Exception {
    var clock = MutableClock.atMachineTime();
    server = TestServer.start(scratch.resolve("data"), clock);
    operator = server.operator();
    genuine = server.enrol(SERIAL);
    genuine.report("{\"genuine\":1}").expect(204);

    impostors.put("nobody", Optional.empty());
    impostors.put(
        "another authority", Optional.of(Forgery.ofAnotherAuthority(SERIAL, clock.instant())));
    impostors.put(
        "self-signed with the same names",
        Optional.of(Forgery.selfSigned(genuine.identity().certificate(), clock.instant())));
    impostors.put(
        "the server itself",
        Optional.of(TlsIdentity.read(server.directory().keys().resolve("server.pem"))));
    impostors.put("an operator", Optional.of(operator.identity()));
    impostors.put(
        "not in the ledger",
        Optional.of(Forgery.ofStolenAuthority(server, SERIAL, clock.instant())));
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  /** Everything a device may do, tried on one connection; the server need not hang up. */
  static List<Answer> everything(HttpsConnection connection) throws Exception {
    String csr = new String(EstBody.encode(TestDevice.csr(TestDevice.newKeys())), US_ASCII);
    String pkcs10 = "Content-Type: application/pkcs10";
    var answers = new ArrayList<Answer>();
    answers.add(connection.send("POST", "/v1/readings", "{\"forged\":1}"));
    answers.add(connection.send("POST", "/v1/readings", "this is not even JSON"));
    answers.add(connection.get("/v1/readings?forged=1"));
    answers.add(connection.get("/v1/settings"));
    answers.add(connection.get("/v1/settings", "If-None-Match: \"0\"", "Prefer: wait=60"));
    answers.add(connection.send("PUT", "/v1/settings/applied", "{}"));
    answers.add(connection.send("POST", "/.well-known/est/simpleenroll", csr, pkcs10));
    answers.add(connection.send("POST", "/.well-known/est/simplereenroll", csr, pkcs10));
    return answers;
  }

  private Answer theRefusal() throws IOException {
    try (HttpsConnection connection = server.connect()) {
      return connection.get("/v1/settings").expect(401);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nobody",
        "another authority",
        "self-signed with the same names",
        "the server itself",
        "an operator",
        "not in the ledger"
      })
  @DisplayName("an impostor gets 401 with one constant body, and nothing is stored [A5, B18]")
  void refuses_impostors(String name) throws Exception {
    Optional<TlsIdentity> shown = impostors.getOrDefault(name, Optional.empty());
    try (HttpsConnection connection =
        HttpsConnection.open(server.devicePort(), server.root(), shown)) {
      assertThat(everything(connection)).containsOnly(theRefusal());
    }

    assertThat(operator.readings(SERIAL))
        .extracting(reading -> reading.path("name").asString())
        .containsOnly("genuine");
    assertThat(operator.get("/v1/certificates?kind=device").lines()).hasSize(1);
    genuine.settings().expect(200);
  }

  @Test
  @DisplayName("the refusal is a problem document that tells nothing but itself")
  void refusal_tells_nothing() throws IOException {
    Answer refusal = theRefusal();

    assertThat(refusal.header("Content-Type")).contains("application/problem+json");
    assertThat(refusal.header("WWW-Authenticate"))
        .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Basic "));
    assertThat(refusal.json().path("status").asInt()).isEqualTo(401);
    assertThat(refusal.body()).doesNotContain(SERIAL, "certificate", "expired", "revoked");
  }

  @Test
  @DisplayName("a stored reading names the device that proved itself, by its key")
  void stores_provenance() throws Exception {
    String key =
        dev.countersign.protocol.x509.Certificates.keyHash(genuine.identity().certificate()).hex();

    assertThat(operator.readings(SERIAL))
        .allSatisfy(reading -> {
          assertThat(reading.path("keyId").asString()).isEqualTo(key);
          assertThat(reading.path("level").asInt()).isEqualTo(4);
          assertThat(reading.path("listener").asString()).isEqualTo("device-https");
        });
  }
}
