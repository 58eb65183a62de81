// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.remote.Json;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Table;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.control.HubSession;
import dev.countersign.client.control.ListedPhone;
import dev.countersign.protocol.ProtocolException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ObjectNode;

/** {@code countersign phone phones}. */
@Command(
    name = "phones",
    description = "List the phones of the hub; users and guests see themselves.")
public final class PhonePhones extends HubCommand {
  public PhonePhones(Terminal terminal) {
    super(terminal);
  }

  @Override
  void run(HubSession session, Output output)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    List<ListedPhone> phones = session.phones();
    String own = session.hub().phone().phoneId();
    try (Table table = output.table("ID", "NAME", "ROLE", "STATUS", "LAST SEEN", "UNTIL")) {
      for (ListedPhone phone : phones) {
        output.json(json(phone));
        if (!output.isJson()) {
          table.row(
              Printable.text(phone.id()),
              Printable.text(phone.name()) + (phone.id().equals(own) ? " (this one)" : ""),
              phone.role().wireName(),
              Printable.text(phone.status()),
              phone.lastSeen().map(Printable::time).orElse("-"),
              phone.expires().map(Printable::time).orElse("-"));
        }
      }
    }
  }

  static ObjectNode json(ListedPhone phone) {
    return Json.object()
        .put("id", phone.id())
        .put("name", phone.name())
        .put("role", phone.role().wireName())
        .put("status", phone.status())
        .put("epoch", phone.epoch())
        .put("addedBy", phone.addedBy().orElse(null))
        .put("lastSeen", phone.lastSeen().map(Instant::toString).orElse(null))
        .put("expires", phone.expires().map(Instant::toString).orElse(null));
  }
}
