// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.control.HubSession;
import dev.countersign.client.control.ListedPhone;
import dev.countersign.client.control.PhoneChange;
import dev.countersign.protocol.ProtocolException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code countersign phone change}. */
@Command(
    name = "change",
    description = "Change the name, the role or the end of a phone on the hub's list.")
public final class PhoneAlter extends HubCommand {
  @Parameters(
      index = "0",
      paramLabel = "PHONE",
      description = "Its id, or its name if only one phone has it.")
  private String given = "";

  @Option(names = "--name", paramLabel = "NAME", description = "Its new name.")
  private Optional<String> name = Optional.empty();

  @Option(names = "--role", paramLabel = "ROLE", description = "Its new role: admin, user, guest.")
  private Optional<String> role = Optional.empty();

  @Option(
      names = "--until",
      paramLabel = "DATE",
      description = "When its access ends, such as 2026-12-31; never for no end.")
  private Optional<String> until = Optional.empty();

  public PhoneAlter(Terminal terminal) {
    super(terminal);
  }

  @Override
  void run(HubSession session, Output output)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    PhoneChange change = change();
    ListedPhone phone = PhoneChoice.find(session, given);
    session.change(phone.id(), change);
    ListedPhone changed = PhoneChoice.find(session, phone.id());
    output.json(PhonePhones.json(changed));
    output.done("%s (%s) changed".formatted(changed.name(), changed.id()));
  }

  private PhoneChange change() throws CommandException {
    if (name.isEmpty() && role.isEmpty() && until.isEmpty()) {
      throw CommandException.usage("nothing to change", "give --name, --role or --until");
    }
    PhoneChange change = PhoneChange.none();
    if (name.isPresent()) {
      change = change.name(name.get());
    }
    if (role.isPresent()) {
      change = change.role(Admission.role(role.get()));
    }
    if (until.isPresent()) {
      change =
          change.expires(
              until.get().equals("never")
                  ? Optional.empty()
                  : Optional.of(Admission.instant("--until", until.get())));
    }
    return change;
  }
}
