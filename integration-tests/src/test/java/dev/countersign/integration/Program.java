// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A program nobody here wrote, in a directory of its own. */
public final class Program {
  private static final long TIMEOUT_SECONDS = 60;

  /** What a run left behind. */
  public record Run(int exitCode, String out, String err) {
    /** Both streams, where it does not matter which. */
    public String output() {
      return out + err;
    }
  }

  private final String name;
  private final Path directory;

  private Program(String name, Path directory) {
    this.name = name;
    this.directory = directory;
  }

  /**
   * The program of this name. Skips the test where it is missing, unless programs are required
   * ({@code -Dcountersign.programs=required}).
   *
   * @param directory where it runs, and finds its files
   */
  public static Program in(Path directory, String name) {
    var program = new Program(name, directory);
    if (!"required".equals(System.getProperty("countersign.programs"))) {
      Assumptions.assumeTrue(program.isInstalled(), "the program " + name + " is not installed");
    }
    return program;
  }

  /** A program of the JDK that runs the tests, which is always there. */
  public static Program ofJdk(Path directory, String name) {
    return new Program(Path.of(System.getProperty("java.home"), "bin", name).toString(), directory);
  }

  /** A program that the test made itself. */
  public static Program made(Path file) {
    return new Program(file.toString(), Objects.requireNonNull(file.getParent()));
  }

  private boolean isInstalled() {
    try {
      return run(name.equals("openssl") ? "version" : "--version").exitCode() == 0;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** Runs it to its end, with nothing to read. */
  public Run run(String... arguments) {
    return runWith("", arguments);
  }

  /** Runs it to its end. */
  public Run runWith(String input, String... arguments) {
    try {
      Running running = start(arguments);
      running.type(input);
      return running.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A run that goes on while the test does something else. */
  public final class Running {
    private final Process process;
    private final Path out;
    private final Path err;

    private Running(Process process, Path out, Path err) {
      this.process = process;
      this.out = out;
      this.err = err;
    }

    public boolean isAlive() {
      return process.isAlive();
    }

    /** What it has printed so far. */
    public String output() throws IOException {
      return text(out) + text(err);
    }

    /** Gives it something to read. */
    public void type(String input) throws IOException {
      type(input.getBytes(UTF_8));
    }

    /** The same for what is no text. */
    public void type(byte[] input) throws IOException {
      process.getOutputStream().write(input);
      process.getOutputStream().flush();
    }

    /** SIGTERM, and waits for its end. */
    public Run terminate() throws IOException {
      process.destroy();
      return join();
    }

    /** Waits for its end, while it could still read more. */
    public Run awaitEnd() throws IOException {
      return finish(this);
    }

    /** Leaves it nothing more to read, and waits for its end. */
    public Run join() throws IOException {
      process.getOutputStream().close();
      return finish(this);
    }
  }

  /** Starts it and does not wait. */
  public Running start(String... arguments) throws IOException {
    String file = Path.of(name).getFileName().toString();
    Path out = Files.createTempFile(directory, file, ".out");
    Path err = Files.createTempFile(directory, file, ".err");
    var command = new ArrayList<String>(List.of(name));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new Running(process, out, err);
  }

  private Run finish(Running running) throws IOException {
    try {
      if (!running.process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        running.process.destroyForcibly().waitFor();
        throw new AssertionError(name + " did not end: " + running.output());
      }
    } catch (InterruptedException e) {
      running.process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    return new Run(running.process.exitValue(), text(running.out), text(running.err));
  }

  /** What is no text in it comes out as question marks. */
  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), UTF_8);
  }
}
