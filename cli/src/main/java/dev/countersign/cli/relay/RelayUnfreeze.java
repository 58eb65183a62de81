// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.relay;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(name = "unfreeze", description = "Let a frozen relay deliver again, with its old secret.")
public final class RelayUnfreeze extends FreezeChange {
  public RelayUnfreeze(Terminal terminal) {
    super(terminal, "unfreeze");
  }

  @Override
  void report(JsonNode relay, Output output) throws CommandException {
    output.done("relay " + name() + " may deliver again");
  }
}
