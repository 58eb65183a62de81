// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.remote.Json;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.control.HubSession;
import dev.countersign.protocol.ProtocolException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code countersign phone add}. */
@Command(
    name = "add",
    description = "Let the hub's screen show codes for another phone, for two minutes.")
public final class PhoneAdd extends HubCommand {
  @Mixin private final Admission admission = new Admission();

  public PhoneAdd(Terminal terminal) {
    super(terminal);
  }

  @Override
  void run(HubSession session, Output output)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    Duration open = session.openWindow(admission.role(), admission.until());
    output.json(Json.object().put("closesInSeconds", open.toSeconds()));
    output.done(
        "the hub shows codes for a phone as %s, for %d s"
            .formatted(admission.role().wireName(), open.toSeconds()));
  }
}
