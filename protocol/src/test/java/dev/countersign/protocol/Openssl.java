// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * The openssl program: what is written here is read by code nobody here wrote, and the reverse.
 *
 * <p>Where it is missing, a test reports itself as skipped; {@code -Dcountersign.programs=required}
 * turns that into a failure.
 */
public final class Openssl {
  private static final long MAX_SECONDS = 60;

  private final Path directory;

  private Openssl(Path directory) {
    this.directory = directory;
  }

  /** The program, with a directory for its files. */
  public static Openssl in(Path directory) {
    try {
      new ProcessBuilder("openssl", "version").start().waitFor();
    } catch (IOException e) {
      if ("required".equals(System.getProperty("countersign.programs"))) {
        throw new AssertionError("openssl is not installed", e);
      }
      Assumptions.abort("openssl is not installed");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return new Openssl(directory);
  }

  /** Runs it and gives what it printed. */
  public String run(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError(command + " failed: " + output);
    }
    return output;
  }

  public Openssl write(String name, byte[] content) throws IOException {
    Files.write(directory.resolve(name), content);
    return this;
  }

  public byte[] read(String name) throws IOException {
    return Files.readAllBytes(directory.resolve(name));
  }
}
