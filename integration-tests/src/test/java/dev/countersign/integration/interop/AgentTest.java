// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.integration.AgentProcess;
import dev.countersign.integration.CommandLine;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("countersign agent")
class AgentTest {
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

  private AgentProcess.Device device(String serial) throws Exception {
    return new AgentProcess.Device(
        server.deviceUrl(), serial, operator.addDevice(serial), state(serial));
  }

  private Path state(String serial) {
    return scratch.resolve(serial).resolve("state");
  }

  private List<String> values(String serial) throws Exception {
    return operator.readings(serial).stream().map(r -> r.path("value").toString()).toList();
  }

  @Test
  @DisplayName("enrols by a token file, sends every line once and in order, and ends")
  void sends_lines_once() throws Exception {
    AgentProcess.Device device = device("AG-1");
    Path token = Files.writeString(scratch.resolve("AG-1.token"), device.token() + "\n", UTF_8);
    var tokenless = new AgentProcess.Device(device.server(), "AG-1", "", device.state());
    try (AgentProcess agent =
        AgentProcess.start(tokenless, "--once", "--token-file", token.toString())) {
      agent.feed("{\"n\":1}\n{\"n\":2}\n\n{\"n\":3,\"door\":\"closed\"}\n[{\"n\":4},{\"n\":5}]");
      agent.endInput();
      assertThat(agent.end()).as(agent.errors()).isZero();
      assertThat(agent.events("taken").getLast().path("taken").asInt()).isEqualTo(4);
    }
    assertThat(values("AG-1")).containsExactly("1", "2", "3", "\"closed\"", "4", "5");
    try (AgentProcess again = AgentProcess.start(tokenless, "--once")) {
      again.feed("{\"n\":6}\n");
      again.endInput();
      assertThat(again.end()).as(again.errors()).isZero();
      assertThat(again.events("started").getFirst().path("taken").asInt()).isEqualTo(4);
      assertThat(again.events("enrolled")).isEmpty();
    }
    assertThat(values("AG-1")).endsWith("6").hasSize(7);
  }

  @Test
  @DisplayName("names a malformed line and what is wrong, and changes nothing for the others")
  void names_malformed_lines() throws Exception {
    try (AgentProcess agent = AgentProcess.start(device("AG-2"), "--once")) {
      agent.feed(
          "{\"n\":1}\nnot json\n{\"n\":{}}\n{\"1n\":1}\n{}\n{\"n\":2}\n{\"n\":\""
              + "x".repeat(200_000)
              + "\"}\n{\"n\":3}\n");
      agent.endInput();
      assertThat(agent.end()).as(agent.errors()).isZero();
      assertThat(agent.events("malformed"))
          .extracting(event -> event.path("line").asInt())
          .containsExactly(2, 3, 4, 5, 7);
      assertThat(agent.events("malformed"))
          .allSatisfy(event -> assertThat(event.path("problem").asString()).contains("expected"));
    }
    assertThat(values("AG-2")).containsExactly("1", "2", "3");
  }

  @Test
  @DisplayName("writes settings, applies them by a command, and confirms only what was applied")
  void applies_settings() throws Exception {
    Path gate = scratch.resolve("AG-3.gate");
    Path seen = scratch.resolve("AG-3.seen");
    String command =
        "cat \"$COUNTERSIGN_SETTINGS\" > %s.new && echo noise && test -e %s && mv %s.new %s"
            .formatted(seen, gate, seen, seen);
    AgentProcess.Device device = device("AG-3");
    try (AgentProcess agent = AgentProcess.start(device, "--on-settings", command)) {
      agent.await("enrolled");
      operator.set("AG-3", "{\"interval\":45}");
      assertThat(agent.await("settings-not-applied").path("why").asString()).contains("got 1");
      assertThat(operator.settings("AG-3").path("applied").isNull()).isTrue();
      Files.createFile(gate);
      agent.await("settings-confirmed", event -> event.path("version").asInt() == 1);
      assertThat(operator.settings("AG-3").path("applied").path("version").asInt()).isEqualTo(1);

      JsonNode file = new JsonMapper().readTree(Files.readAllBytes(seen));
      assertThat(file.path("version").asInt()).isEqualTo(1);
      assertThat(file.path("settings").path("interval").asInt()).isEqualTo(45);
      assertThat(state("AG-3").resolve("settings.json")).hasSameBinaryContentAs(seen);

      operator.set("AG-3", "{\"interval\":46}");
      agent.await("settings-confirmed", event -> event.path("version").asInt() == 2);
      assertThat(agent.terminate()).isZero();
    }
  }

  @Test
  @DisplayName("settings that were received and not applied are applied after a kill")
  void resumes_settings() throws Exception {
    AgentProcess.Device device = device("AG-4");
    try (AgentProcess agent = AgentProcess.start(device, "--on-settings", "false")) {
      agent.await("enrolled");
      operator.set("AG-4", "{\"a\":1}");
      agent.await("settings-not-applied");
      agent.kill();
    }
    try (AgentProcess agent = AgentProcess.start(device, "--on-settings", "true")) {
      agent.await("settings-confirmed", event -> event.path("version").asInt() == 1);
      agent.kill();
    }
    try (AgentProcess agent = AgentProcess.start(device, "--on-settings", "false", "--once")) {
      agent.endInput();
      assertThat(agent.end()).as("nothing is left to apply: " + agent.errors()).isZero();
    }
  }

  @Test
  @DisplayName("a command that hangs is ended, with all that it started")
  void ends_a_hanging_command() throws Exception {
    try (AgentProcess agent =
        AgentProcess.start(
            device("AG-5"), "--on-settings", "sleep 600; true", "--settings-timeout", "1s")) {
      agent.await("enrolled");
      operator.set("AG-5", "{\"a\":1}");
      assertThat(agent.await("settings-not-applied").path("why").asString()).contains("1 s");
    }
  }

  @Test
  @DisplayName("keeps lines while the server is away, and sends them when it is back")
  void bridges_an_outage() throws Exception {
    try (AgentProcess agent = AgentProcess.start(device("AG-6"))) {
      agent.feed("{\"n\":1}\n");
      agent.await("delivered");
      operator.suspend("AG-6");
      agent.feed("{\"n\":2}\n");
      agent.await("waiting", event -> event.path("trouble").asString().equals("suspended"));
      agent.feed("{\"n\":3}\n");
      agent.await("taken", event -> event.path("taken").asInt() == 3);
      operator.resume("AG-6");
      agent.await("delivered", event -> event.path("waiting").asInt() == 0);
      await().untilAsserted(() -> assertThat(values("AG-6")).containsExactly("1", "2", "3"));
      agent.await("recovered", event -> event.path("task").asString().equals("readings"));
      assertThat(agent.terminate()).as("SIGTERM ends it well").isZero();
    }
  }

  @Test
  @DisplayName("a device that was revoked says so, and enrols again when it gets a new token")
  void enrols_again_with_a_new_token() throws Exception {
    AgentProcess.Device device = device("AG-7");
    try (AgentProcess agent = AgentProcess.start(device, "--once")) {
      agent.feed("{\"n\":1}\n");
      agent.endInput();
      assertThat(agent.end()).isZero();
    }
    operator.send("DELETE", "/v1/devices/AG-7", "").expect(204);
    String token = operator.addDevice("AG-7");
    try (AgentProcess agent = AgentProcess.start(device, "--once")) {
      agent.feed("{\"n\":2}\n");
      agent.endInput();
      assertThat(agent.end()).as(agent.events().toString()).isEqualTo(1);
      assertThat(agent.errors()).contains("refused this device's certificate", "token");
    }
    var renewed = new AgentProcess.Device(device.server(), "AG-7", token, device.state());
    try (AgentProcess agent = AgentProcess.start(renewed, "--once")) {
      agent.endInput();
      assertThat(agent.end()).as(agent.events() + agent.errors()).isZero();
      assertThat(agent.events("enrolled")).hasSize(1);
    }
    assertThat(values("AG-7")).containsExactly("2");
  }

  @Test
  @DisplayName("a state directory belongs to one agent, and is closed to others")
  void owns_its_state() throws Exception {
    AgentProcess.Device device = device("AG-8");
    Files.createDirectories(device.state());
    Files.setPosixFilePermissions(device.state(), PosixFilePermissions.fromString("rwxr-xr-x"));
    try (AgentProcess agent = AgentProcess.start(device)) {
      agent.await("enrolled");
      try (AgentProcess second = AgentProcess.start(device)) {
        assertThat(second.end()).isEqualTo(1);
        assertThat(second.errors()).contains("in use by another agent");
      }
      assertThat(agent.isAlive()).isTrue();
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(device.state())))
        .isEqualTo("rwx------");
    try (var files = Files.walk(device.state())) {
      assertThat(files.filter(Files::isRegularFile).toList())
          .hasSizeGreaterThan(3)
          .allSatisfy(file ->
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                  .as(file.toString())
                  .isEqualTo("rw-------"));
    }
  }

  @Test
  @DisplayName("a token that is not accepted ends it with 1 at once, and is not tried again")
  void ends_on_a_bad_token() throws Exception {
    AgentProcess.Device device = device("AG-9");
    String other = operator.addDevice("AG-OTHER");
    var wrong = new AgentProcess.Device(device.server(), "AG-9", other, device.state());
    try (AgentProcess agent = AgentProcess.start(wrong)) {
      assertThat(agent.end()).isEqualTo(1);
      assertThat(agent.errors()).contains("did not accept the token", "device token AG-9");
    }
    try (AgentProcess agent = AgentProcess.start(device, "--once")) {
      agent.endInput();
      assertThat(agent.end()).as("the right token is still good").isZero();
    }
  }

  @Test
  @DisplayName("wrong usage ends with 2, and a server that is not there with 3 under --once")
  void exit_codes() throws Exception {
    AgentProcess.Device device = device("AG-10");
    String url = device.server().toString();
    Path empty = state("AG-NOBODY");
    String[] start = {"agent", "--serial", "AG-10", "--state", empty.toString(), "--server"};
    assertThat(run(start, "http://localhost:1").exitCode()).isEqualTo(2);
    assertThat(run(start, url, "--token", "cst1.short").exitCode()).isEqualTo(2);
    assertThat(run(start, url, "--queue-limit", "much").exitCode()).isEqualTo(2);
    assertThat(run(start, url, "--queue-limit", "1K").exitCode()).isEqualTo(2);
    assertThat(run(start, url).exitCode()).as("no token, no identity").isEqualTo(1);
    CommandLine.Outcome nobody =
        run(start, "https://localhost:9", "--once", "--token", device.token());
    assertThat(nobody.exitCode()).isEqualTo(3);
    assertThat(nobody.err()).contains("cannot reach https://localhost:9").contains("→");
    assertThat(nobody.err()).doesNotContain(device.token());
  }

  private CommandLine.Outcome run(String[] start, String... more) throws Exception {
    var words = new ArrayList<>(List.of(start));
    words.addAll(List.of(more));
    return CommandLine.run(scratch, words.toArray(String[]::new));
  }
}
