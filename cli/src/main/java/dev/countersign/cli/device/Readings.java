// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.HumanDuration;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Table;
import dev.countersign.cli.terminal.Terminal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "readings",
    description = "Show what a device measured, the oldest first, with how each was proven.")
public final class Readings extends OneDeviceCommand {
  private static final int DEFAULT_LAST = 100;

  private static final List<String> COLUMNS =
      List.of("at", "name", "value", "arrivedAt", "level", "listener", "keyId", "sequence");

  @Option(
      names = "--since",
      paramLabel = "WHEN",
      description = "Those that arrived within 15m, 1h or 30d, or since 2026-11-21T20:30:00Z.")
  private Optional<String> since = Optional.empty();

  @Option(
      names = "--last",
      paramLabel = "N",
      description = "The last N. Default, without --since: " + DEFAULT_LAST)
  private Optional<Integer> last = Optional.empty();

  @Option(names = "--csv", description = "Comma-separated values on stdout (RFC 4180).")
  private boolean csv;

  public Readings(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    ApiPath path = selection(output.terminal().clock().instant());
    if (csv) {
      asCsv(client, path, output);
    } else {
      asTable(client, path, output);
    }
  }

  private ApiPath selection(Instant now) throws CommandException {
    if (since.isPresent() && last.isPresent()) {
      throw CommandException.usage(
          "--since and --last exclude each other", "give the one or the other");
    }
    if (since.isPresent()) {
      return path("readings").with("since", start(since.get(), now));
    }
    int count = last.orElse(DEFAULT_LAST);
    if (count < 1) {
      throw CommandException.usage("--last expects 1 or more, got " + count, "give a number");
    }
    return path("readings").with("last", count);
  }

  private static Instant start(String text, Instant now) throws CommandException {
    try {
      return text.length() > 10 ? Instant.parse(text) : now.minus(HumanDuration.parse(text));
    } catch (DateTimeParseException | IllegalArgumentException e) {
      throw CommandException.usage(
          "--since expects a duration such as 1h or a time such as 2026-11-21T20:30:00Z, got "
              + text,
          "write it in one of these forms");
    }
  }

  private static void asCsv(OperatorClient client, ApiPath path, Output output)
      throws CommandException {
    if (output.isJson()) {
      throw CommandException.usage(
          "--csv and --json exclude each other", "give the one or the other");
    }
    output.line(String.join(",", COLUMNS));
    client.rows(path, reading -> output.line(Csv.line(COLUMNS, reading)));
  }

  private void asTable(OperatorClient client, ApiPath path, Output output) throws CommandException {
    try (Table table = output.table("ARRIVED", "MEASURED", "NAME", "VALUE", "LEVEL", "LISTENER")) {
      client.rows(
          path,
          reading -> {
            output.json(reading);
            if (!output.isJson()) {
              table.row(
                  Printable.time(reading.path("arrivedAt")),
                  Printable.time(reading.path("at")),
                  Printable.value(reading.path("name")),
                  Printable.value(reading.path("value")),
                  Printable.value(reading.path("level")),
                  Printable.value(reading.path("listener")));
            }
          });
      if (table.rows() == 0) {
        output.text("no readings" + (since.isPresent() ? " since then" : " yet"));
      }
    }
  }
}
