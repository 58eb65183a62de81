// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.server;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.server.NativeLibraries;
import dev.countersign.server.Server;
import dev.countersign.server.gateway.tlspsk.PskListener;
import dev.countersign.server.http.HttpListener;
import dev.countersign.server.systemd.ServiceStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code countersign serve}. */
@Command(
    name = "serve",
    description = "Run the server until SIGTERM or Ctrl-C; requests under way are finished.")
public final class Serve implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "The installation, made by init (default: $COUNTERSIGN_DATA, else ./countersign-data).")
  private @Nullable Path data;

  @Option(
      names = "--port-base",
      paramLabel = "N",
      description = "Move all ports: 8443 becomes N, 8444 N+1, 9443 N+4, 8080 N+5.")
  private @Nullable Integer portBase;

  public Serve(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandException {
    NativeLibraries.beginLoading();
    Path directory = data == null ? terminal.defaultData() : data;
    Server server =
        Environment.start(
            directory, portBase == null ? OptionalInt.empty() : OptionalInt.of(portBase), terminal);
    var status = ServiceStatus.of(terminal.environment(), ProcessHandle.current().pid());
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().unstarted(() -> drain(server, status)));
    announce(server, new Output(terminal, false));
    status.ready();
    status.aliveEvery().ifPresent(interval -> keepTelling(interval, server, status));
    waitForever();
    return 0;
  }

  /** A line per listener; also for the demo. */
  public static void announce(Server server, Output output) throws CommandException {
    for (HttpListener listener : server.listeners()) {
      output.text(
          "%-16s port %-6d %s"
              .formatted(listener.name(), listener.port(), described(listener, server)));
    }
    output.text("ready");
  }

  private static String described(HttpListener listener, Server server) {
    if (listener.name().startsWith("plain")) {
      return "no TLS, CA certificates only";
    }
    return listener.name().equals(PskListener.NAME)
        ? "TLS 1.3 and 1.2 with a pre-shared key, Bouncy Castle"
        : "TLS 1.3 and 1.2, " + server.tlsProvider().label();
  }

  /** A signal is how a server is meant to end, so it ends with 0. */
  private void drain(Server server, ServiceStatus status) {
    status.stopping();
    server.close();
    terminal.out().flush();
    Runtime.getRuntime().halt(0);
  }

  /** As long as it is so; systemd starts anew what it hears nothing from. */
  private static void keepTelling(Duration interval, Server server, ServiceStatus status) {
    var _ = // neither of the two throws
        Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory())
            .scheduleAtFixedRate(
                () -> {
                  if (server.isAlive()) {
                    status.alive();
                  }
                },
                0,
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  private static void waitForever() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
