// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.administration;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.remote.RemoteCommand;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Table;
import dev.countersign.cli.terminal.Terminal;
import picocli.CommandLine.Command;

@Command(name = "list", description = "List who may operate this server.")
public final class OperatorList extends RemoteCommand {
  public OperatorList(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    try (Table table = output.table("NAME", "ADDED", "BY", "REMOVED")) {
      client.rows(
          ApiPath.of("operators"),
          operator -> {
            output.json(operator);
            if (!output.isJson()) {
              table.row(
                  Printable.value(operator.path("name")),
                  Printable.time(operator.path("addedAt")),
                  Printable.value(operator.path("addedBy")),
                  Printable.time(operator.path("removedAt")));
            }
          });
    }
  }
}
