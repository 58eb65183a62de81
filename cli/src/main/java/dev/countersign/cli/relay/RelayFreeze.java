// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.relay;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(
    name = "freeze",
    description = "Refuse a relay's deliveries from now on, as when its secret is in other hands.")
public final class RelayFreeze extends FreezeChange {
  public RelayFreeze(Terminal terminal) {
    super(terminal, "freeze");
  }

  @Override
  void report(JsonNode relay, Output output) throws CommandException {
    output.done("relay " + name() + " is frozen: its deliveries are answered 401 from now on");
    RelayWords.blastRadius(relay, output);
    output.next("`countersign relay add NEW-NAME` makes another account to move to");
    output.next("`countersign relay health " + name() + " --devices` shows what came through it");
  }
}
