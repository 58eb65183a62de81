// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.hub;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Table;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.hub.control.ControlRequest;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code countersign hub phones}. */
@Command(name = "phones", description = "List the phones that may control the hub.")
public final class HubPhones extends HubCommand {
  public HubPhones(Terminal terminal) {
    super(terminal);
  }

  @Override
  void run(Output output) throws CommandException {
    JsonNode phones = ask(new ControlRequest.Phones()).path("phones");
    if (phones.isEmpty()) {
      output.text("no phones yet");
      output.next(command("qr") + " shows the code that pairs one");
    }
    if (output.isJson()) {
      for (JsonNode phone : phones) {
        output.json(phone);
      }
      return;
    }
    try (Table table = output.table("ID", "NAME", "ROLE", "STATUS", "LAST SEEN", "UNTIL")) {
      for (JsonNode phone : phones) {
        table.row(
            Printable.value(phone.path("id")),
            Printable.value(phone.path("name")),
            Printable.value(phone.path("role")),
            Printable.value(phone.path("status")),
            Printable.time(phone.path("lastSeen")),
            Printable.time(phone.path("expires")));
      }
    }
  }
}
