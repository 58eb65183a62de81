// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.AgentProcess;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.TestServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("countersign agent --mode sealed and mac")
final class SealedAgentTest {
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

  private AgentProcess.Device device(String serial) {
    URI relay = URI.create("https://localhost:" + server.devicePort() + "/r");
    return new AgentProcess.Device(relay, serial, "", scratch.resolve(serial).resolve("state"));
  }

  private String[] options(String serial, String mode, String... more) {
    var options =
        new ArrayList<>(
            List.of(
                "--mode",
                mode,
                "--secret-file",
                scratch.resolve(serial + ".secret").toString(),
                "--trust",
                server.directory().root().toString(),
                "--once"));
    options.addAll(List.of(more));
    return options.toArray(String[]::new);
  }

  private void add(String serial, String mode) throws Exception {
    String secret = operator.addWithSecret(serial, mode);
    Files.writeString(scratch.resolve(serial + ".secret"), secret + "\n", US_ASCII);
  }

  private void run(String serial, String lines, String... options) throws Exception {
    try (AgentProcess agent = AgentProcess.start(device(serial), options)) {
      agent.feed(lines);
      agent.endInput();
      assertThat(agent.end()).as(agent.errors()).isZero();
    }
  }

  private List<String> values(String serial) throws Exception {
    return operator.readings(serial).stream().map(r -> r.path("value").toString()).toList();
  }

  @Test
  @DisplayName("sends each line once, follows its settings, says that they are in force")
  void works_sealed() throws Exception {
    add("SA-1", "sealed");
    operator.set("SA-1", "{\"interval\":60}");
    run("SA-1", "{\"n\":1}\n{\"n\":2.25}\n", options("SA-1", "sealed"));
    run("SA-1", "{\"n\":3}\n", options("SA-1", "sealed", "--carriage", "get"));
    assertThat(values("SA-1")).containsExactly("1", "2.25", "3");
    assertThat(operator.settings("SA-1").path("applied").path("version").asInt()).isEqualTo(1);
    assertThat(operator.readings("SA-1").getFirst().path("level").asInt()).isEqualTo(2);
  }

  @Test
  @DisplayName("comes back by itself when it lost its numbers, and when it lost all but its secret")
  void survives_loss() throws Exception {
    add("SA-2", "sealed");
    run("SA-2", "{\"n\":1}\n", options("SA-2", "sealed"));
    Files.delete(device("SA-2").state().resolve("sealed-numbers-1"));
    run("SA-2", "{\"n\":2}\n", options("SA-2", "sealed"));
    Files.move(device("SA-2").state(), scratch.resolve("lost"));
    run("SA-2", "{\"n\":1}\n", options("SA-2", "sealed"));
    // The same line as at first: with a number that begins at 1 it would pass for that one.
    assertThat(values("SA-2")).containsExactly("1", "2", "1");
  }

  @Test
  @DisplayName("sends in parts what is too long for the relay")
  void parts() throws Exception {
    add("SA-3", "sealed");
    var lines = new StringBuilder();
    IntStream.range(0, 40).forEach(i -> lines.append("{\"n\":").append(i).append("}\n"));
    run(
        "SA-3",
        lines.toString(),
        options("SA-3", "sealed", "--carriage", "get", "--max-token", "255"));
    assertThat(values("SA-3")).hasSize(40);
  }

  @Test
  @DisplayName("does the same with MACs alone")
  void works_by_mac() throws Exception {
    add("SA-4", "mac");
    operator.set("SA-4", "{\"interval\":60}");
    run("SA-4", "{\"n\":1}\n", options("SA-4", "mac"));
    Files.delete(device("SA-4").state().resolve("mac-numbers-1"));
    run("SA-4", "{\"n\":2}\n", options("SA-4", "mac"));
    assertThat(values("SA-4")).containsExactly("1", "2");
    assertThat(operator.settings("SA-4").path("applied").path("version").asInt()).isEqualTo(1);
    assertThat(operator.readings("SA-4").getFirst().path("level").asInt()).isEqualTo(1);
  }

  @Test
  @DisplayName("gets a certificate through the relay, and goes on with that")
  void climbs() throws Exception {
    add("SA-5", "sealed");
    String[] options =
        options("SA-5", "sealed", "--max-token", "622", "--enrol", server.deviceUrl().toString());
    run("SA-5", "{\"n\":1}\n", options);
    run("SA-5", "{\"n\":2}\n", options);
    assertThat(values("SA-5")).containsExactly("1", "2");
    assertThat(operator.device("SA-5").path("level").asInt()).isEqualTo(4);
  }

  @Test
  @DisplayName("a wrong secret gets no answer, and no line is lost")
  void wrong_secret() throws Exception {
    add("SA-6", "sealed");
    Files.writeString(scratch.resolve("SA-6.secret"), "x".repeat(50), US_ASCII);
    try (AgentProcess agent = AgentProcess.start(device("SA-6"), options("SA-6", "sealed"))) {
      agent.feed("{\"n\":1}\n");
      agent.endInput();
      assertThat(agent.await("waiting").path("trouble").asString()).isEqualTo("no-sealed-answer");
      assertThat(agent.end()).isEqualTo(3);
    }
    assertThat(values("SA-6")).isEmpty();
  }
}
