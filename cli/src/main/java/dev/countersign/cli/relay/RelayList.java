// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.relay;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.remote.RemoteCommand;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Table;
import dev.countersign.cli.terminal.Terminal;
import picocli.CommandLine.Command;

@Command(name = "list", description = "List the relays, and how they are doing.")
public final class RelayList extends RemoteCommand {
  public RelayList(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    try (Table table = output.table("NAME", "MODE", "STATE", "DELIVERED", "ELSE", "LAST USED")) {
      client.rows(
          ApiPath.of("relays"),
          relay -> {
            output.json(relay);
            if (!output.isJson()) {
              table.row(
                  Printable.value(relay.path("name")),
                  RelayWords.mode(relay),
                  Printable.value(relay.path("state")),
                  Long.toString(relay.path("findings").path("delivered").path("count").asLong(0)),
                  RelayWords.findings(relay.path("findings")),
                  Printable.time(relay.path("lastUsed")));
            }
          });
      if (table.rows() == 0) {
        output.text("no relays");
        output.next("`countersign relay add NAME` lets somebody's cloud deliver");
      }
    }
  }
}
