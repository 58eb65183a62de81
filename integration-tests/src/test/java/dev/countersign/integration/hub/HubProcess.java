// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.pairing.PairingCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@link HubMain} as a process that can be killed. */
final class HubProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader lines;
  private final int port;

  private HubProcess(Process process, Path err) throws IOException {
    this.process = process;
    this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    String ready = lines.readLine();
    if (ready == null || !ready.startsWith("ready ")) {
      process.destroyForcibly();
      throw new IOException("the hub did not start: " + ready + Files.readString(err));
    }
    this.port = Integer.parseInt(ready.substring("ready ".length()));
  }

  /** Starts the hub of this directory, which was provisioned. */
  static HubProcess start(Path state) throws IOException {
    return start(state, "127.0.0.1", List.of(), Map.of());
  }

  /**
   * The same on another address.
   *
   * @param before a command that starts it, such as one that enters a namespace
   */
  static HubProcess start(
      Path state, String address, List<String> before, Map<String, String> environment)
      throws IOException {
    Path err = state.resolveSibling(state.getFileName() + ".err");
    var command = new ArrayList<String>(before);
    command.addAll(java(HubMain.class));
    command.addAll(List.of(state.toString(), address));
    var builder = new ProcessBuilder(command).redirectError(err.toFile());
    builder.environment().putAll(environment);
    return new HubProcess(builder.start(), err);
  }

  /** The command that runs a class of these tests. */
  static List<String> java(Class<?> main) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xmx128m",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        System.getProperty("java.class.path"),
        main.getName());
  }

  int port() {
    return port;
  }

  private String ask(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(UTF_8));
    process.getOutputStream().flush();
    String answer = lines.readLine();
    if (answer == null) {
      throw new IOException("the hub has ended");
    }
    return answer;
  }

  void press() throws IOException {
    ask("press");
  }

  /** What its screen shows. */
  Optional<PairingCode> screen() throws IOException, MalformedException {
    String text = ask("screen");
    return text.equals("none") ? Optional.empty() : Optional.of(PairingCode.parse(text));
  }

  PairingCode label() throws IOException, MalformedException {
    return PairingCode.parse(ask("label"));
  }

  /** Its list, as {@code id=role}. */
  String phones() throws IOException {
    return ask("phones");
  }

  /** SIGKILL: as if the power failed for this process. */
  void kill() {
    process.destroyForcibly();
    join();
  }

  private void join() {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
  }
}
