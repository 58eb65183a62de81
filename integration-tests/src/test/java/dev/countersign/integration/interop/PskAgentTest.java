// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.AgentProcess;
import dev.countersign.integration.JournalView;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.PskDevice;
import dev.countersign.integration.TestServer;
import dev.countersign.server.journal.Reason;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("countersign agent --mode psk")
final class PskAgentTest {
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

  private AgentProcess.Device device(String serial, int port) {
    return new AgentProcess.Device(
        URI.create("https://localhost:" + port),
        serial,
        "",
        scratch.resolve(serial).resolve("state"));
  }

  private String secretFile(PskDevice device) throws Exception {
    Path file = scratch.resolve(device.serial() + ".secret");
    return Files.writeString(file, device.secret() + "\n", US_ASCII).toString();
  }

  private List<String> values(String serial) throws Exception {
    return operator.readings(serial).stream().map(r -> r.path("value").toString()).toList();
  }

  @Test
  @DisplayName("sends each line once, follows its settings, says that they are in force")
  void works_by_its_key() throws Exception {
    PskDevice psk = PskDevice.add(server, "PA-1");
    String[] options = {"--mode", "psk", "--secret-file", secretFile(psk), "--once"};
    operator.set("PA-1", "{\"interval\":60}");
    try (AgentProcess agent = AgentProcess.start(device("PA-1", server.pskPort()), options)) {
      agent.feed("{\"n\":1}\n{\"n\":2}\n");
      agent.endInput();
      assertThat(agent.end()).as(agent.errors()).isZero();
      assertThat("cs1." + agent.await("opened").path("keyId").asString()).isEqualTo(psk.identity());
    }
    assertThat(values("PA-1")).containsExactly("1", "2");
    assertThat(operator.settings("PA-1").path("applied").path("version").asInt()).isEqualTo(1);
    assertThat(operator.readings("PA-1").getFirst().path("level").asInt()).isEqualTo(3);
  }

  @Test
  @DisplayName("gets a certificate by its key, goes on with that; then the key is refused")
  void climbs() throws Exception {
    PskDevice psk = PskDevice.add(server, "PA-2");
    String[] options = {
      "--mode",
      "psk",
      "--secret-file",
      secretFile(psk),
      "--enrol",
      server.deviceUrl().toString(),
      "--once"
    };
    for (String line : new String[] {"{\"n\":1}\n", "{\"n\":2}\n"}) {
      try (AgentProcess agent = AgentProcess.start(device("PA-2", server.pskPort()), options)) {
        agent.feed(line);
        agent.endInput();
        assertThat(agent.end()).as(agent.errors()).isZero();
      }
    }
    assertThat(values("PA-2")).containsExactly("1", "2");
    assertThat(operator.readings("PA-2").getLast().path("listener").asString())
        .isEqualTo("device-https");
    assertThat(operator.device("PA-2").path("level").asInt()).isEqualTo(4);
    assertThat(operator.audit("PA-2", "device-enrolled")).hasSize(1);
    assertThat(psk.openssl13(scratch, PskDevice.reading()))
        .contains("alert number 51")
        .doesNotContain("HTTP/1.1");
  }

  @Test
  @DisplayName("says nothing to a server that has a certificate instead of the key, nor to another")
  void refuses_other_servers() throws Exception {
    PskDevice psk = PskDevice.add(server, "PA-3");
    String[] options = {"--mode", "psk", "--secret-file", secretFile(psk)};
    try (AgentProcess agent = AgentProcess.start(device("PA-3", server.devicePort()), options)) {
      agent.feed("{\"n\":1}\n");
      agent.await("waiting");
    }
    Path wrong = Files.writeString(scratch.resolve("wrong.secret"), "x".repeat(50), US_ASCII);
    String[] guess = {"--mode", "psk", "--secret-file", wrong.toString()};
    try (AgentProcess agent = AgentProcess.start(device("PA-3", server.pskPort()), guess)) {
      assertThat(agent.await("waiting").path("why").asString()).contains("key");
    }
    assertThat(values("PA-3")).isEmpty();
    assertThat(JournalView.of(operator, "PA-3").count(Reason.PSK_WRONG_KEY)).isPositive();
  }
}
