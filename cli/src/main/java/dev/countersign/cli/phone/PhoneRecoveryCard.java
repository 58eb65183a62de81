// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.remote.Json;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.control.HubSession;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.pairing.PairingCode;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code countersign phone recovery-card}. */
@Command(
    name = "recovery-card",
    description = {
      "Make a recovery card, for the owner to print and put away; the one before is void.",
      "It pairs an owner, after a press on the button, when all phones are lost."
    })
public final class PhoneRecoveryCard extends HubCommand {
  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description = "Write it as a picture to print, for its owner alone (0600).")
  private Optional<Path> svg = Optional.empty();

  public PhoneRecoveryCard(Terminal terminal) {
    super(terminal);
  }

  @Override
  void run(HubSession session, Output output)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    PairingCode card = session.recoveryCard();
    output.json(Json.object().put("code", CodeText.of(card)));
    CodeText.show(card, output);
    output.done("print it and put it away: it is not shown again, and the one before is void");
    if (svg.isPresent()) {
      CodeText.writeSvg(card, svg.get(), "Recovery card of hub " + session.hub().id());
      output.done(svg.get() + " written (0600); delete it once it is printed");
    }
  }
}
