// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.hub;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.hub.control.ControlRequest;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ObjectNode;

/** {@code countersign hub press-button}. */
@Command(
    name = "press-button",
    description = "Press the hub's button: a window opens in which phones can be paired.")
public final class HubPressButton extends HubCommand {
  public HubPressButton(Terminal terminal) {
    super(terminal);
  }

  @Override
  void run(Output output) throws CommandException {
    ObjectNode status = ask(new ControlRequest.PressButton());
    output.json(status);
    output.done(
        "a window is open for "
            + Printable.value(status.path("windowClosesInSeconds"))
            + " s; failures are forgotten");
    output.next(command("qr") + " shows the code");
  }
}
