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
import java.util.ArrayList;
import picocli.CommandLine.Command;

@Command(
    name = "blast-radius",
    description = {
      "Show for every kind of key how many devices fall if one leaks.",
      "Ends with 1 if a key that devices hold opens more than one of them."
    })
public final class BlastRadiusShow extends RemoteCommand {
  public BlastRadiusShow(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    var flagged = new ArrayList<String>();
    try (Table table = output.table("KEY", "HELD BY", "KEYS", "DEVICES", "IF IT LEAKED")) {
      client.rows(
          ApiPath.of("blast-radius"),
          row -> {
            output.json(row);
            if (!output.isJson()) {
              table.row(
                  Printable.value(row.path("key")),
                  Printable.value(row.path("holder")),
                  Printable.value(row.path("count")),
                  Printable.value(row.path("devices")),
                  Printable.value(row.path("remedy")));
            }
            // Anything but a clear no is a yes.
            if (row.path("flagged").asBoolean(true)) {
              flagged.add(
                  Printable.value(row.path("key"))
                      + " opens "
                      + Printable.value(row.path("devices"))
                      + " devices");
            }
          });
    }
    if (!flagged.isEmpty()) {
      throw CommandException.refused(
          String.join("; ", flagged) + ": expected one device for each key that a device holds",
          "`countersign certificate list` shows keySha256; give each of these devices a key of its"
              + " own");
    }
  }
}
