// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.control.HubSession;
import dev.countersign.client.control.Invitation;
import dev.countersign.protocol.ProtocolException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code countersign phone invite}. */
@Command(
    name = "invite",
    description = "Make a code with which another phone pairs, once, within ten minutes.")
public final class PhoneInvite extends HubCommand {
  @Mixin private final Admission admission = new Admission();

  public PhoneInvite(Terminal terminal) {
    super(terminal);
  }

  @Override
  void run(HubSession session, Output output)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    Invitation invitation = session.invite(admission.role(), admission.until());
    Invitations.show(invitation, Optional.of(admission.role()), output);
  }
}
