// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.architecture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Source")
class SourceFormatTest {
  private static final String FORMATTER = "com.google.googlejavaformat.java.Main";

  /** The packages of javac that the formatter works with; closed to all but who asks. */
  private static final List<String> OF_JAVAC =
      List.of("api", "code", "file", "parser", "tree", "util");

  private static final List<String> HEADER =
      List.of(
          "// SPDX-FileCopyrightText: Countersign contributors",
          "// SPDX-License-Identifier: Apache-2.0");

  private static Path root() {
    String root = System.getProperty("countersign.root");
    return root == null ? Path.of("..").toAbsolutePath().normalize() : Path.of(root);
  }

  /** Every source file of ours. */
  private static List<Path> sources() throws IOException {
    var sources = new ArrayList<Path>();
    try (Stream<Path> modules = Files.list(root())) {
      for (Path module : modules.map(path -> path.resolve("src")).toList()) {
        if (Files.isDirectory(module)) {
          try (Stream<Path> files = Files.walk(module)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
          }
        }
      }
    }
    return sources;
  }

  @Test
  @DisplayName("is formatted by google-java-format")
  void is_formatted(@TempDir Path scratch) throws Exception {
    List<Path> sources = sources();
    assertThat(sources).as("source files below " + root()).hasSizeGreaterThan(100);
    Path list = scratch.resolve("sources");
    Files.write(list, sources.stream().map(Path::toString).toList());

    boolean write = "write".equals(System.getProperty("countersign.format"));
    Path out = scratch.resolve("out");
    int exitCode = format(list, out, write ? List.of("--replace") : List.of("--dry-run"));

    assertThat(exitCode).as(Files.readString(out, UTF_8)).isZero();
    assertThat(Files.readAllLines(out))
        .as(
            "files that are not formatted; this formats them: mvn -pl integration-tests -am"
                + " test -Dtest=SourceFormatTest -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dcountersign.format=write")
        .isEmpty();
  }

  /** In a process of its own: the tests' JVM does not open javac. */
  private static int format(Path list, Path out, List<String> options) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    for (String name : OF_JAVAC) {
      command.add("--add-exports=jdk.compiler/com.sun.tools.javac." + name + "=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), FORMATTER));
    command.addAll(options);
    command.add("@" + list);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(out.toFile())
        .start()
        .waitFor();
  }

  @Test
  @DisplayName("says whose it is and under which licence")
  void has_a_header() throws IOException {
    var without = new ArrayList<Path>();
    for (Path source : sources()) {
      try (Stream<String> lines = Files.lines(source)) {
        if (!lines.limit(HEADER.size()).toList().equals(HEADER)) {
          without.add(source);
        }
      }
    }
    assertThat(without).as("files without the two SPDX lines").isEmpty();
  }
}
