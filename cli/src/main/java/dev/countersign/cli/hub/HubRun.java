// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.hub;

import dev.countersign.cli.log.LogSettings;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.ExitCode;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Problems;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.storage.StateDirectory;
import dev.countersign.server.ServerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code countersign hub run}. */
@Command(
    name = "run",
    description = {
      "Run a hub with an example device, a door with a lock and a thermostat, until SIGTERM or"
          + " Ctrl-C.",
      "On an empty state directory it makes itself a maker's root, for trying out; 'hub provision'"
          + " gives it an identity of yours."
    })
public final class HubRun implements Callable<Integer> {
  private static final ServerConfig.Log LOG = new ServerConfig.Log("info", "text", 100);
  private static final int MAX_PORT = 65_535;

  private final Terminal terminal;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      required = true,
      description =
          "What this hub must not forget: its key, its phones. Made if it is not there (0700). For"
              + " one hub alone.")
  private Path state = Path.of("");

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8443",
      description = "Where phones reach it, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port = 8443;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What people call it (default: what kind of device it is).")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--no-announce",
      description = "Do not announce it by multicast DNS; phones are told the address.")
  private boolean silent;

  @Option(names = "--json", description = "Print one JSON object when it is ready.")
  private boolean json;

  public HubRun(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandException {
    if (port < 0 || port > MAX_PORT) {
      throw CommandException.usage(
          "--port: expected 0 to " + MAX_PORT + ", got " + port, "leave it out for 8443");
    }
    applyLogSettings();
    RunningHub hub = open();
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> stop(hub)));
    hub.describe(new Output(terminal, json));
    waitForever();
    return ExitCode.DONE.number();
  }

  private void applyLogSettings() throws CommandException {
    try {
      LogSettings.apply(LogSettings.effective(LOG, terminal.environment()));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(
          Objects.requireNonNullElse(e.getMessage(), ""), "docs/operations.md, Log");
    }
  }

  private RunningHub open() throws CommandException {
    try {
      return RunningHub.open(new RunningHub.Settings(state, port, name, !silent), terminal.clock());
    } catch (StateDirectory.InUseException e) {
      throw CommandException.refused(
          state + " is in use by another hub",
          "end that one first, or give each hub a state directory of its own");
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(
          "--" + e.getMessage(), "`countersign hub run --help` shows what it takes");
    } catch (IOException e) {
      String cause = Problems.reason(e);
      int advice = cause.indexOf("; ");
      throw advice < 0
          ? CommandException.refused(
              "the hub cannot run on " + state + ": " + cause,
              "name a free port, and a directory on a disk with room that this user may write to")
          : CommandException.refused(cause.substring(0, advice), cause.substring(advice + 2));
    }
  }

  /** A signal is how a hub is meant to end, so it ends with 0. */
  private void stop(RunningHub hub) {
    hub.close();
    terminal.out().flush();
    terminal.err().flush();
    Runtime.getRuntime().halt(ExitCode.DONE.number());
  }

  private static void waitForever() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
