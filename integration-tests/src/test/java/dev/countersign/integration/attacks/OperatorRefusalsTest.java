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
import dev.countersign.protocol.x509.Certificates;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("The operator API is for operators")
class OperatorRefusalsTest {
  private static final List<String> ROUTES =
      List.of(
          "GET /metrics",
          "GET /v1/status",
          "GET /v1/authorities",
          "POST /v1/devices",
          "GET /v1/devices",
          "POST /v1/devices/import",
          "GET /v1/devices/OP-1",
          "DELETE /v1/devices/OP-1",
          "POST /v1/devices/OP-1/token",
          "POST /v1/devices/OP-1/suspend",
          "POST /v1/devices/OP-1/resume",
          "POST /v1/devices/OP-1/revoke",
          "PATCH /v1/devices/OP-1/settings",
          "GET /v1/devices/OP-1/settings",
          "GET /v1/devices/OP-1/settings/history",
          "GET /v1/devices/OP-1/readings",
          "GET /v1/certificates",
          "GET /v1/certificates/1",
          "GET /v1/audit",
          "GET /v1/audit/verification",
          "POST /v1/operators",
          "GET /v1/operators",
          "DELETE /v1/operators/admin");

  private final MutableClock clock = MutableClock.atMachineTime();
  private final Instant begin = clock.instant();
  private TestServer server;
  private OperatorCalls operator;
  private TestDevice device;

  @BeforeAll
  void startServer(@TempDir Path scratch) throws Exception {
    server = TestServer.start(scratch.resolve("data"), clock);
    operator = server.operator();
    device = server.enrol("OP-1");
  }

  @BeforeEach
  void setBack() {
    clock.set(begin);
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  private void refusesAllTo(Optional<TlsIdentity> shown) throws Exception {
    var answers = new ArrayList<Answer>();
    try (HttpsConnection connection =
        HttpsConnection.open(server.operatorPort(), server.root(), shown)) {
      for (String route : ROUTES) {
        String[] parts = route.split(" ", 2);
        answers.add(connection.send(parts[0], parts[1], "{\"reason\":\"x\",\"serial\":\"X\"}"));
      }
    }
    assertThat(answers).extracting(Answer::status).containsOnly(401);
    assertThat(answers.stream().distinct()).as("one constant answer").hasSize(1);
    assertThat(operator.device("OP-1").path("status").asString()).isEqualTo("active");
    assertThat(operator.get("/v1/devices").lines()).hasSize(1);
  }

  @Test
  @DisplayName("without a certificate only the probes answer")
  void refuses_without_certificate() throws Exception {
    refusesAllTo(Optional.empty());

    try (HttpsConnection connection =
        HttpsConnection.open(server.operatorPort(), server.root(), Optional.empty())) {
      connection.get("/healthz").expect(200);
      connection.get("/readyz").expect(200);
      connection.get("/v1/nothing").expect(401);
    }
  }

  @Test
  @DisplayName("a device's certificate is not an operator's")
  void refuses_devices() throws Exception {
    device.settings().expect(200);
    refusesAllTo(Optional.of(device.identity()));
  }

  @Test
  @DisplayName("the server's certificate, a self-signed one and another authority's are not either")
  void refuses_others() throws Exception {
    refusesAllTo(Optional.of(TlsIdentity.read(server.directory().keys().resolve("server.pem"))));
    refusesAllTo(
        Optional.of(Forgery.selfSigned(operator.identity().certificate(), clock.instant())));
    refusesAllTo(Optional.of(Forgery.ofAnotherAuthority("admin", clock.instant())));
  }

  private OperatorCalls add(String name) throws Exception {
    KeyPair keys = TestDevice.newKeys();
    String csr = Base64.getEncoder().encodeToString(TestDevice.csr(keys));
    Answer added =
        operator.send(
            "POST", "/v1/operators", "{\"name\":\"" + name + "\",\"csr\":\"" + csr + "\"}");
    String pem = added.expect(201).json().path("certificate").asString();
    return server.operator(
        new TlsIdentity(keys.getPrivate(), Certificates.parsePem(pem).getFirst()));
  }

  @Test
  @DisplayName("a removed operator is refused from the next request on, also on an open connection")
  void refuses_removed_operators() throws Exception {
    OperatorCalls ada = add("ada");
    try (HttpsConnection open = ada.connect()) {
      open.get("/v1/status").expect(200);
      operator.send("DELETE", "/v1/operators/ada", "").expect(204);
      open.get("/v1/status").expect(401);
    }
    refusesAllTo(Optional.of(ada.identity()));

    OperatorCalls successor = add("ada");
    successor.get("/v1/status").expect(200);
    ada.get("/v1/status").expect(401);
    operator.send("DELETE", "/v1/operators/ada", "").expect(204);
  }

  @Test
  @DisplayName("an operator's certificate ends after a year")
  void operators_end() throws Exception {
    clock.advance(Duration.ofDays(364));
    operator.get("/v1/status").expect(200);
    clock.advance(Duration.ofDays(3));
    operator.get("/v1/status").expect(401);
  }

  @Test
  @DisplayName("the last operator stays")
  void keeps_the_last_operator() throws Exception {
    operator.send("DELETE", "/v1/operators/admin", "").expect(409);
    operator.get("/v1/status").expect(200);
  }
}
