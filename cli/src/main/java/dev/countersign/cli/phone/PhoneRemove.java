// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.control.HubSession;
import dev.countersign.client.control.ListedPhone;
import dev.countersign.protocol.ProtocolException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code countersign phone remove}. */
@Command(
    name = "remove",
    description = "Remove a phone from the hub: it is cut off at once, and cannot come back.")
public final class PhoneRemove extends HubCommand {
  @Parameters(
      index = "0",
      paramLabel = "PHONE",
      description = "Its id, or its name if only one phone has it.")
  private String given = "";

  public PhoneRemove(Terminal terminal) {
    super(terminal);
  }

  @Override
  void run(HubSession session, Output output)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    ListedPhone phone = PhoneChoice.find(session, given);
    session.remove(phone.id());
    output.json(PhonePhones.json(phone));
    output.done("%s (%s) removed".formatted(phone.name(), phone.id()));
  }
}
