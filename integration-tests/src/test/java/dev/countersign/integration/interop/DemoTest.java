// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.CommandLine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The demo")
class DemoTest {
  private static final Path README = Path.of("..", "README.md");

  /** Below the range that the system takes ports for outgoing connections from. */
  private static final int FIRST_BASE = 20_000;

  private static final int LAST_BASE = 30_000;
  private static final int PORTS = 6;

  private static int freePortBase() throws IOException {
    for (int base = FIRST_BASE; base < LAST_BASE; base += PORTS) {
      if (areFree(base)) {
        return base;
      }
    }
    throw new IOException("no six free ports in a row");
  }

  private static boolean areFree(int base) {
    for (int port = base; port < base + PORTS; port++) {
      try (var probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        assertThat(probe.getLocalPort()).isEqualTo(port);
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  /** Numbers, keys and times differ from run to run; what they stand for does not. */
  private static List<String> facts(Stream<String> lines) {
    return lines
        .filter(line -> line.startsWith("✔"))
        .map(line ->
            line.replaceAll("\\b[0-9a-f]{12,}…?", "#").replaceAll("\\b\\d+ (ms|entries)", "# $1"))
        .toList();
  }

  @Test
  @DisplayName("sees hold what the README says, in this order, and ends with 0")
  void shows_what_the_readme_says(@TempDir Path scratch) throws IOException {
    CommandLine.Outcome run =
        CommandLine.run(scratch, "demo", "--once", "--port-base", Integer.toString(freePortBase()));
    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    List<String> seen = facts(run.out().lines());
    assertThat(seen).endsWith("✔ every step held");
    List<String> told = facts(Files.readAllLines(README).stream());
    assertThat(told).hasSizeGreaterThan(12);
    assertThat(seen).containsSubsequence(told);
  }
}
