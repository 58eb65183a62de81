// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The {@code openssl} program, in a directory of its own. */
public final class OpenSsl {
  private static final long TIMEOUT_SECONDS = 60;

  /** What a run left behind; standard output and error in one. */
  public record Run(int exitCode, String output) {}

  private final Path directory;

  private OpenSsl(Path directory) {
    this.directory = directory;
  }

  /** Skips the test where the program is missing, unless programs are required. */
  public static OpenSsl in(Path directory) {
    var openssl = new OpenSsl(directory);
    if (!"required".equals(System.getProperty("countersign.programs"))) {
      Assumptions.assumeTrue(openssl.isInstalled(), "the program openssl is not installed");
    }
    return openssl;
  }

  private boolean isInstalled() {
    try {
      return run("version").exitCode() == 0;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  public OpenSsl file(String name, String content) {
    try {
      Files.writeString(directory.resolve(name), content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String read(String name) {
    try {
      return Files.readString(directory.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Run run(String... arguments) {
    var command = new ArrayList<String>(List.of("openssl"));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("openssl did not end: " + command);
      }
      return new Run(process.exitValue(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
