// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.remote.Json;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.control.HubSession;
import dev.countersign.client.control.ListedPhone;
import dev.countersign.protocol.ProtocolException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code countersign phone transfer}. */
@Command(
    name = "transfer",
    description = {
      "Hand the hub on.",
      "With --to, that phone becomes the owner and this one an admin. Without, a code is shown:"
          + " whoever pairs with it owns the hub alone, and every other phone is removed."
    })
public final class PhoneTransfer extends HubCommand {
  @Option(
      names = "--to",
      paramLabel = "PHONE",
      description = "A phone on the list, by its id, or its name if only one has it.")
  private Optional<String> to = Optional.empty();

  public PhoneTransfer(Terminal terminal) {
    super(terminal);
  }

  @Override
  void run(HubSession session, Output output)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    if (to.isEmpty()) {
      Invitations.show(session.transfer(), Optional.empty(), output);
      output.next("when that phone has paired, this one and all others are removed");
      return;
    }
    ListedPhone phone = PhoneChoice.find(session, to.get());
    session.transferTo(phone.id());
    output.json(Json.object().put("owner", phone.id()).put("name", phone.name()));
    output.done("%s (%s) owns the hub now".formatted(phone.name(), phone.id()));
    output.next("the new owner should make a recovery card: `countersign phone recovery-card`");
  }
}
