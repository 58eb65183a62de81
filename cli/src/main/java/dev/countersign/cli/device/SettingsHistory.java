// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Table;
import dev.countersign.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "history", description = "Show earlier versions of a device's settings.")
public final class SettingsHistory extends OneDeviceCommand {
  @Option(
      names = "--last",
      paramLabel = "N",
      description = "So many, the newest first. Default: 20")
  private int last = 20;

  public SettingsHistory(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    if (last < 1) {
      throw CommandException.usage("--last expects 1 or more, got " + last, "give a number");
    }
    try (Table table = output.table("VERSION", "SET AT", "BY", "SETTINGS")) {
      client.rows(
          path("settings", "history").with("limit", last),
          version -> {
            output.json(version);
            if (!output.isJson()) {
              table.row(
                  Printable.value(version.path("version")),
                  Printable.time(version.path("setAt")),
                  Printable.value(version.path("setBy")),
                  Printable.value(version.path("settings")));
            }
          });
      if (table.rows() == 0) {
        output.text("no settings yet");
        output.next("`countersign settings set " + serial() + " name=value` sets some");
      }
    }
  }
}
