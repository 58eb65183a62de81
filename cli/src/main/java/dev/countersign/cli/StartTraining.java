// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.cli.terminal.Terminal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the JVM watches to learn what a start needs (JEP 514): the launcher runs this once after a
 * build, and keeps what the JVM made of it. Uses no network but this machine's loopback.
 */
final class StartTraining {
  /** A training that hangs is worth nothing. */
  private static final long LIMIT_SECONDS = 90;

  /** The discard port: nothing answers there, and so every class up to the connection is loaded. */
  private static final String NOBODY = "https://localhost:9";

  private StartTraining() {}

  public static void main(String[] args) throws IOException {
    Thread.ofPlatform().daemon().start(StartTraining::giveUpInTime);
    var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
    var terminal = new Terminal(nowhere, nowhere, false, Map.of(), Terminal.ofProcess().clock());
    Path scratch = Files.createTempDirectory("countersign-training");
    for (List<String> line : commandLines(scratch)) {
      Main.run(terminal, line.toArray(String[]::new));
    }
    System.exit(0);
  }

  /** The first of six ports, as far as a look at the first one tells. */
  private static int freePortBase() throws IOException {
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return Math.min(probe.getLocalPort(), 60_000);
    }
  }

  private static List<List<String>> commandLines(Path scratch) throws IOException {
    String data = scratch.resolve("data").toString();
    return List.of(
        List.of("--version"),
        List.of("--help"),
        List.of("device", "add", "--help"),
        List.of("init", "--data", data, "--organization", "Training"),
        // A server, devices and an operator: what serve, demo and most commands load.
        List.of("demo", "--once", "--port-base", Integer.toString(freePortBase())),
        List.of("status", "--server", NOBODY, "--data", data),
        List.of("device", "list", "--json", "--server", NOBODY, "--data", data),
        List.of("settings", "set", "T-1", "a=1", "--server", NOBODY, "--data", data),
        // Up to the socket that is not there; what a hub runs with, the demo has loaded.
        List.of("hub", "qr", "--state", data + "-hub"),
        // Ends at once: it has no token. What it would send with, the demo has loaded.
        List.of("agent", "--server", NOBODY, "--serial", "T-1", "--state", data + "-agent"));
  }

  private static void giveUpInTime() {
    try {
      TimeUnit.SECONDS.sleep(LIMIT_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(1);
  }
}
