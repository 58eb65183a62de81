// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code countersign agent --json} as a process that is fed, and can be killed. */
public final class AgentProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final JsonMapper JSON = new JsonMapper();

  private final Process process;
  private final OutputStream stdin;
  private final Path out;
  private final Path err;
  private final List<JsonNode> events = new ArrayList<>();

  /** So many bytes of its output are in the events. */
  private long read;

  private AgentProcess(Process process, Path out, Path err) {
    this.process = process;
    this.stdin = process.getOutputStream();
    this.out = out;
    this.err = err;
  }

  /** A device, and where it keeps what it must not forget. */
  public record Device(URI server, String serial, String token, Path state) {}

  /** Starts an agent; does not wait for anything. */
  public static AgentProcess start(Device device, String... more) throws IOException {
    return start(device, Map.of(), more);
  }

  /** Starts an agent with more in its environment. */
  public static AgentProcess start(Device device, Map<String, String> environment, String... more)
      throws IOException {
    Path scratch = Files.createDirectories(device.state().toAbsolutePath().getParent());
    Path out = Files.createTempFile(scratch, "agent", ".out");
    Path err = Files.createTempFile(scratch, "agent", ".err");
    var words =
        new ArrayList<>(
            List.of(
                "agent",
                "--json",
                device.server().getPath().isEmpty() ? "--server" : "--relay",
                device.server().toString(),
                "--serial",
                device.serial(),
                "--state",
                device.state().toString()));
    if (!device.token().isEmpty()) {
      words.addAll(List.of("--token", device.token()));
    }
    words.addAll(List.of(more));
    return new AgentProcess(
        CommandLine.start(out, err, environment, words.toArray(String[]::new)), out, err);
  }

  /** Gives it lines to read. */
  public void feed(String lines) throws IOException {
    stdin.write(lines.getBytes(UTF_8));
    stdin.flush();
  }

  /** It has nothing more to read. */
  public void endInput() throws IOException {
    stdin.close();
  }

  /** What it told until now. A line that is not whole yet is left out. */
  public synchronized List<JsonNode> events() {
    try (RandomAccessFile file = new RandomAccessFile(out.toFile(), "r")) {
      file.seek(read);
      var more = new byte[(int) (file.length() - read)];
      file.readFully(more);
      String text = new String(more, UTF_8);
      String whole = text.substring(0, text.lastIndexOf('\n') + 1);
      whole.lines().map(JSON::readTree).forEach(events::add);
      read += whole.getBytes(UTF_8).length;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return List.copyOf(events);
  }

  /** The events of this name. */
  public List<JsonNode> events(String name) {
    return events().stream().filter(e -> e.path("event").asString("").equals(name)).toList();
  }

  /** Waits for an event. */
  public JsonNode await(String name) {
    return await(name, event -> true);
  }

  /** Waits for an event of which something holds. */
  public JsonNode await(String name, Predicate<JsonNode> condition) {
    try {
      Awaitility.await(name)
          .atMost(PATIENCE)
          .until(() -> !isAlive() || events(name).stream().anyMatch(condition));
      return events(name).stream().filter(condition).findFirst().orElseThrow();
    } catch (RuntimeException e) {
      throw new AssertionError("no event " + name + "; there were " + events() + errors(), e);
    }
  }

  /** What it printed to stderr. */
  public String errors() {
    try {
      return Files.readString(err, UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL: as if the power failed for this process. */
  public void kill() {
    CommandLine.end(process.destroyForcibly());
  }

  /** SIGTERM, and the exit code. */
  public int terminate() {
    process.destroy();
    return CommandLine.end(process);
  }

  /** Waits for its end by itself, and gives the exit code. */
  public int end() {
    return CommandLine.end(process);
  }

  @Override
  public void close() {
    kill();
  }
}
