// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The example in C, compiled into a folder of the test. */
final class CSealedDevice {
  private static final Path SOURCES =
      Path.of(System.getProperty("countersign.root", "."), "examples/c-sealed-device");
  private static final Path HEADER = Path.of("/usr/include/mbedtls/ccm.h");

  private final Path folder;
  private final Path secret;
  private final String serial;

  private CSealedDevice(Path folder, Path secret, String serial) {
    this.folder = folder;
    this.secret = secret;
    this.serial = serial;
  }

  /** A device with this secret; skips the test where there is no gcc or no mbedTLS. */
  static CSealedDevice compile(Path folder, String secret, String serial) throws Exception {
    Program gcc = Program.in(folder, "gcc");
    if (!"required".equals(System.getProperty("countersign.programs"))) {
      Assumptions.assumeTrue(Files.exists(HEADER), "libmbedtls-dev is not installed");
    }
    var arguments =
        new ArrayList<>(List.of("-std=c99", "-Wall", "-Wextra", "-Werror", "-Os", "-o", "device"));
    try (Stream<Path> files = Files.list(SOURCES)) {
      files.map(Path::toString).filter(name -> name.endsWith(".c")).forEach(arguments::add);
    }
    arguments.addAll(List.of("-lmbedcrypto", "-lm"));
    Program.Run run = gcc.run(arguments.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.output()).isZero();
    Path file = Files.writeString(folder.resolve("secret"), secret);
    return new CSealedDevice(folder, file, serial);
  }

  /** What it prints, when it says that it worked. */
  String run(String... arguments) {
    Program.Run run = tryRun(arguments);
    assertThat(run.exitCode()).as(run.output()).isZero();
    return run.out().strip();
  }

  Program.Run tryRun(String... arguments) {
    String[] all =
        Stream.concat(Stream.of(secret.toString(), serial), Stream.of(arguments))
            .toArray(String[]::new);
    return Program.made(folder.resolve("device")).run(all);
  }

  Path flash() {
    return folder.resolve("flash");
  }
}
