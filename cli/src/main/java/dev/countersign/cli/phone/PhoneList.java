// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.remote.Json;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Table;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.pairing.StoredHub;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code countersign phone list}. */
@Command(name = "list", description = "List the hubs that this phone is paired with.")
public final class PhoneList extends PhoneCommand {
  public PhoneList(Terminal terminal) {
    super(terminal);
  }

  @Override
  void run(Output output) throws CommandException {
    List<StoredHub> hubs;
    try {
      hubs = phone().hubs();
    } catch (IOException e) {
      throw cannotRead(e);
    }
    try (Table table = output.table("HUB", "MODEL", "PAIRED AS", "ADDRESS", "KEY")) {
      for (StoredHub hub : hubs) {
        output.json(
            Json.object()
                .put("hubId", hub.id().toString())
                .put("model", hub.model())
                .put("role", hub.phone().role().wireName())
                .put("phoneId", hub.phone().phoneId())
                .put("address", hub.address().toString())
                .put("hubKey", hub.hub().key().hex()));
        if (!output.isJson()) {
          table.row(
              hub.id().toString(),
              Printable.text(hub.model()),
              hub.phone().role().wireName(),
              hub.address().toString(),
              hub.hub().key().hex().substring(0, 16) + "…");
        }
      }
    }
    if (hubs.isEmpty()) {
      output.text("no hubs yet");
      output.next(command("pair CODE --name N") + " pairs with one");
    }
  }
}
