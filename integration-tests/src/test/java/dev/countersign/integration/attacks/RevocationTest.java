// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.Answer;
import dev.countersign.integration.HttpsConnection;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.Program;
import dev.countersign.integration.Program.Run;
import dev.countersign.integration.TestDevice;
import dev.countersign.integration.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("A device that was good and is no longer")
class RevocationTest {
  /** What the contract promises (docs/protocol.md, TLS). */
  private static final Duration CUT_OFF = Duration.ofSeconds(1);

  private Path directory;
  private TestServer server;
  private OperatorCalls operator;

  @BeforeAll
  void startServer(@TempDir Path scratch) throws Exception {
    directory = scratch;
    server = TestServer.start(scratch.resolve("data"), MutableClock.atMachineTime());
    operator = server.operator();
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  @Test
  @DisplayName("revoked: open connections end within a second, new ones are refused [B4]")
  void revocation_ends_open_connections() throws Exception {
    TestDevice device = server.enrol("RV-1");
    TestDevice other = server.enrol("RV-2");
    try (HttpsConnection idle = device.connect();
        HttpsConnection waiting = device.connect();
        HttpsConnection spared = other.connect()) {
      idle.send("POST", "/v1/readings", "{\"before\":1}").expect(204);
      waiting.get("/v1/settings").expect(200);
      spared.get("/v1/settings").expect(200);
      waiting.begin("GET", "/v1/settings", "", "If-None-Match: \"0\"", "Prefer: wait=60");

      operator.revoke("RV-1");

      assertThat(idle.endsWithin(CUT_OFF)).as("an idle connection ends").isTrue();
      assertThat(waiting.endsWithin(CUT_OFF)).as("a waiting request ends").isTrue();
      spared.get("/v1/settings").expect(200);
    }
    Answer refused = device.report("{\"after\":1}").expect(401);
    assertThat(refused).isEqualTo(refusalOfNobody());
    assertThat(operator.readings("RV-1")).hasSize(1);
    assertThat(operator.audit("RV-1", "device-revoked")).hasSize(1);
  }

  @Test
  @DisplayName("removed: the same, and a new device of that serial is not opened by the old key")
  void removal_ends_open_connections() throws Exception {
    TestDevice device = server.enrol("RV-3");
    try (HttpsConnection idle = device.connect()) {
      idle.get("/v1/settings").expect(200);
      operator.send("DELETE", "/v1/devices/RV-3", "").expect(204);
      assertThat(idle.endsWithin(CUT_OFF)).isTrue();
    }
    device.settings().expect(401);

    TestDevice successor = server.enrol("RV-3");
    device.settings().expect(401);
    successor.settings().expect(200);
    assertThat(operator.readings("RV-3")).isEmpty();
  }

  private Answer refusalOfNobody() throws IOException {
    try (HttpsConnection connection = server.connect()) {
      return connection.get("/v1/settings").expect(401);
    }
  }

  @ParameterizedTest
  @CsvSource({"-tls1_3, TLSv1.3, RV-4", "-tls1_2, TLSv1.2, RV-5"})
  @DisplayName("a resumed TLS session is judged like a new one")
  void judges_resumed_sessions(String option, String version, String serial) throws Exception {
    Program openssl = Program.in(directory, "openssl");
    TestDevice device = server.enrol(serial);
    Files.writeString(directory.resolve(serial + ".pem"), device.identity().insecureToPem());

    assertThat(ask(openssl, serial, option, "-sess_out", serial).out())
        .contains("New, " + version)
        .contains("HTTP/1.1 200");
    assertThat(ask(openssl, serial, option, "-sess_in", serial).out())
        .contains("Reused, " + version)
        .contains("HTTP/1.1 200");
    operator.revoke(serial);
    assertThat(ask(openssl, serial, option, "-sess_in", serial).out())
        .contains("Reused, " + version)
        .contains("HTTP/1.1 401");
  }

  private Run ask(Program openssl, String serial, String... arguments) {
    var all = new ArrayList<>(List.of("s_client", "-connect"));
    all.addAll(List.of("localhost:" + server.devicePort(), "-ign_eof"));
    all.addAll(List.of("-cert", serial + ".pem", "-key", serial + ".pem"));
    all.addAll(List.of(arguments));
    String request = "GET /v1/settings HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    return openssl.runWith(request, all.toArray(String[]::new));
  }

  @Test
  @DisplayName("the first use of a successor retires the predecessor; its use is an alarm")
  void successor_retires_predecessor() throws Exception {
    TestDevice device = server.enrol("RV-6");
    device.report("{\"n\":1}").expect(204);
    TestDevice successor = device.renewed();
    device.report("{\"n\":2}").expect(204);

    try (HttpsConnection open = device.connect()) {
      open.get("/v1/settings").expect(200);
      successor.report("{\"n\":3}").expect(204);
      open.get("/v1/settings").expect(401);
    }
    assertThat(device.report("{\"n\":4}")).isEqualTo(refusalOfNobody());

    assertThat(operator.audit("RV-6", "retired-certificate-used")).hasSize(1);
    assertThat(operator.readings("RV-6")).hasSize(3);
    successor.settings().expect(200);
  }

  @Test
  @DisplayName("suspended: 403 with a good credential, until it is resumed")
  void suspension_is_told_to_the_device() throws Exception {
    TestDevice device = server.enrol("RV-7");
    device.settings().expect(200);
    try (HttpsConnection open = device.connect()) {
      open.get("/v1/settings").expect(200);
      operator.suspend("RV-7");
      open.get("/v1/settings").expect(403);
      device.report("{\"n\":1}").expect(403);
      device.simpleReenrol(TestDevice.newKeys()).expect(403);
      operator.resume("RV-7");
      open.get("/v1/settings").expect(200);
    }
    assertThat(operator.readings("RV-7")).isEmpty();
  }
}
