// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The countersign command, in a process of its own. */
public final class CommandLine {
  private static final long TIMEOUT_SECONDS = 120;

  /** Small and quick to start, and like the launcher: nothing of the JVM's on stdout. */
  private static final List<String> JVM =
      List.of(
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  /** What a run left behind. */
  public record Outcome(int exitCode, String out, String err) {}

  private CommandLine() {}

  /** Runs a command to its end, with nothing to read. */
  public static Outcome run(Path scratch, String... words) throws IOException {
    return run(scratch, Map.of(), words);
  }

  /** Runs a command with more in its environment to its end, with nothing to read. */
  public static Outcome run(Path scratch, Map<String, String> environment, String... words)
      throws IOException {
    Path out = Files.createTempFile(scratch, "countersign", ".out");
    Path err = Files.createTempFile(scratch, "countersign", ".err");
    Process process = start(out, err, environment, words);
    process.getOutputStream().close();
    return new Outcome(end(process), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }

  /** Starts a command. */
  static Process start(Path out, Path err, String... words) throws IOException {
    return start(List.of(), Map.of(), out, err, words);
  }

  /** Starts a command with more in its environment. */
  static Process start(Path out, Path err, Map<String, String> environment, String... words)
      throws IOException {
    return start(List.of(), environment, out, err, words);
  }

  /** The command line of a command. */
  public static List<String> command(String... words) {
    return command(List.of(), words);
  }

  private static List<String> command(List<String> options, String... words) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM);
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("dev.countersign.cli.Main");
    command.addAll(List.of(words));
    return command;
  }

  /** Starts a command with more options for the JVM, and more in its environment. */
  static Process start(
      List<String> options, Map<String, String> environment, Path out, Path err, String... words)
      throws IOException {
    var builder = new ProcessBuilder(command(options, words));
    builder.environment().putAll(environment);
    return builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
  }

  /** Waits for the end of a command, and gives its exit code. */
  static int end(Process process) {
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("a countersign process did not end");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
