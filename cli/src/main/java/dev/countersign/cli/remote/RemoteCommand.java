// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.remote;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.ExitCode;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Terminal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** A subcommand that talks to the operator API; brings the options all of them share. */
public abstract class RemoteCommand implements Callable<Integer> {
  /** Time enough to have another operator issue a new certificate. */
  private static final Duration EXPIRY_WARNING = Duration.ofDays(14);

  private final Terminal terminal;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "The server's operator API. Default: https://localhost:9443")
  private URI server = URI.create("https://localhost:9443");

  @Option(
      names = "--identity",
      paramLabel = "FILE",
      description = "Who you are: key and certificates (PEM). Default: operator.pem in --data")
  private Optional<Path> identity = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "The data directory of a server on this machine."
              + " Default: $$COUNTERSIGN_DATA, or ./countersign-data")
  private Optional<Path> data = Optional.empty();

  @Option(names = "--json", description = "JSON on stdout, one object a line.")
  private boolean json;

  protected RemoteCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Does it. Returns normally if it was done. */
  protected abstract void run(OperatorClient client, Output output) throws CommandException;

  @Override
  public final Integer call() throws CommandException {
    if (!"https".equals(server.getScheme()) || server.getHost() == null) {
      throw CommandException.usage(
          "--server expects a URL such as https://localhost:9443, got " + server,
          "write it with https:// and a port");
    }
    try (OperatorClient client = OperatorClient.of(server, readIdentity())) {
      run(client, new Output(terminal, json));
    }
    return ExitCode.DONE.number();
  }

  private OperatorIdentity readIdentity() throws CommandException {
    Path file = identityFile();
    OperatorIdentity read = OperatorIdentity.read(file);
    OperatorIdentity.exposureOf(file).ifPresent(terminal::warning);
    Instant now = terminal.clock().instant();
    if (!now.isBefore(read.expiresAt())) {
      throw CommandException.refused(
          "the operator certificate in " + file + " expired at " + Printable.time(read.expiresAt()),
          "have another operator make a new one: `countersign operator add NAME --out FILE`");
    } else if (now.plus(EXPIRY_WARNING).isAfter(read.expiresAt())) {
      terminal.warning(
          "the operator certificate in "
              + file
              + " expires at "
              + Printable.time(read.expiresAt())
              + "; make a new one with `countersign operator add NAME --out FILE`");
    }
    return read;
  }

  /** The identity file in use. */
  protected final Path identityFile() {
    return identity.orElseGet(() -> data.orElseGet(terminal::defaultData).resolve("operator.pem"));
  }
}
