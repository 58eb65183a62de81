// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.integration.CommandLine;
import dev.countersign.integration.CommandLine.Outcome;
import dev.countersign.protocol.pairing.PairingCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayName("A hub as a process")
class HubRunTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path scratch;

  private final List<Process> started = new ArrayList<>();
  private Path state;

  @BeforeEach
  void nameState() {
    state = scratch.resolve("hub");
  }

  @AfterEach
  void killAll() {
    started.forEach(Process::destroyForcibly);
  }

  /** Starts a hub, and gives what it says when it is ready. */
  private JsonNode run(String... more) throws IOException {
    var words = new ArrayList<>(List.of("hub", "run", "--state", state.toString(), "--json"));
    words.addAll(List.of("--port", "0", "--no-announce"));
    words.addAll(List.of(more));
    Path out = Files.createTempFile(scratch, "hub", ".out");
    Process process =
        new ProcessBuilder(CommandLine.command(words.toArray(String[]::new)))
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    started.add(process);
    await()
        .atMost(PATIENCE)
        .until(() -> !process.isAlive() || Files.readString(out, UTF_8).endsWith("\n"));
    return JSON.readTree(Files.readString(out, UTF_8));
  }

  private Outcome hub(String... words) throws IOException {
    var all = new ArrayList<>(List.of("hub"));
    all.addAll(List.of(words));
    all.addAll(List.of("--state", state.toString()));
    return CommandLine.run(scratch, all.toArray(String[]::new));
  }

  private PairingCode code(String... more) throws Exception {
    var words = new ArrayList<>(List.of("qr", "--json"));
    words.addAll(List.of(more));
    Outcome outcome = hub(words.toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return PairingCode.parse(JSON.readTree(outcome.out()).path("text").asString());
  }

  @Test
  @DisplayName("runs from nothing, shows its codes, survives a kill as the same hub, ends with 0")
  void runs_from_nothing() throws Exception {
    JsonNode ready = run("--name", "Front door");
    assertThat(ready.path("event").asString()).isEqualTo("ready");
    assertThat(ready.path("trial").booleanValue()).as("for trying out").isTrue();
    assertThat(ready.path("owned").booleanValue()).isFalse();
    assertThat(ready.path("name").asString()).isEqualTo("Front door");
    String id = ready.path("hubId").asString();

    PairingCode shown = code();
    assertThat(shown.hub()).hasToString(id);
    assertThat(shown.hubKey().hex()).isEqualTo(ready.path("keySha256").asString());
    assertThat(shown.place()).isEqualTo(PairingCode.Place.SCREEN);
    PairingCode label = code("--printed");
    assertThat(label.place()).isEqualTo(PairingCode.Place.PRINTED);
    assertThat(label.needsButton()).isTrue();

    Outcome second = hub("run", "--port", "0", "--no-announce");
    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.err()).contains("is in use by another hub", "→");

    started.getLast().destroyForcibly().waitFor();
    assertThat(hub("status").exitCode()).as("killed").isEqualTo(3);
    JsonNode again = run();
    assertThat(again.path("hubId").asString()).isEqualTo(id);
    assertThat(again.path("name").asString()).isEqualTo("Door and thermostat");
    assertThat(code("--printed").secret()).isEqualTo(label.secret());
    assertThat(code().secret()).as("screens do not survive").isNotEqualTo(shown.secret());

    Process last = started.getLast();
    last.destroy();
    assertThat(last.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(last.exitValue()).isZero();
    assertThat(state.resolve("control.sock")).doesNotExist();
  }

  @Test
  @DisplayName("says what stands in the way: a port that is taken, a name that is none, a damage")
  void says_what_stands_in_the_way() throws Exception {
    int port = run().path("port").intValue();
    Path other = scratch.resolve("other");
    Outcome taken =
        CommandLine.run(
            scratch, "hub", "run", "--state", other.toString(), "--port", Integer.toString(port));
    assertThat(taken.exitCode()).isEqualTo(1);
    assertThat(taken.err()).contains("port " + port, "→");

    Outcome unnamed = hub("run", "--name", " ");
    assertThat(unnamed.exitCode()).isEqualTo(2);
    assertThat(unnamed.err()).contains("--name: expected 1 to 64 printable characters");
    assertThat(hub("run", "--port", "70000").exitCode()).isEqualTo(2);

    started.getLast().destroyForcibly().waitFor();
    Files.writeString(state.resolve("hub.pem"), "nothing");
    Outcome damaged = hub("run", "--port", "0", "--no-announce");
    assertThat(damaged.exitCode()).isEqualTo(1);
    assertThat(damaged.err()).contains("hub.pem is damaged", "→ restore it from a backup");
    assertThat(state.resolve("hub.pem")).hasContent("nothing");
  }
}
