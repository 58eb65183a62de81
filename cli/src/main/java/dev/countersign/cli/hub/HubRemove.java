// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.hub;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.hub.control.ControlRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code countersign hub remove}. */
@Command(
    name = "remove",
    description = "Remove a phone: it is cut off at once, and cannot come back by itself.")
public final class HubRemove extends HubCommand {
  @Parameters(paramLabel = "PHONE", description = "Its id, or its name if only one phone has it.")
  private String phone = "";

  public HubRemove(Terminal terminal) {
    super(terminal);
  }

  @Override
  void run(Output output) throws CommandException {
    ObjectNode removed = ask(new ControlRequest.Remove(phone));
    output.json(removed);
    output.done(
        "%s (%s) removed"
            .formatted(Printable.value(removed.path("name")), Printable.value(removed.path("id"))));
  }
}
