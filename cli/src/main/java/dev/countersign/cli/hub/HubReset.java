// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.hub;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.hub.control.ControlRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code countersign hub reset}. */
@Command(
    name = "reset",
    description = {
      "Hold the hub's button for ten seconds: every phone is removed.",
      "The hub keeps its identity and its label; the next phone that pairs becomes its owner."
    })
public final class HubReset extends HubCommand {
  @Option(names = "--yes", description = "Really; without it, nothing is done.")
  private boolean yes;

  public HubReset(Terminal terminal) {
    super(terminal);
  }

  @Override
  void run(Output output) throws CommandException {
    if (!yes) {
      String phones = Printable.value(ask(new ControlRequest.Status()).path("phones"));
      throw CommandException.usage(
          "a reset removes every phone; on the list: " + phones,
          "if that is meant: " + command("reset") + " --yes");
    }
    output.json(ask(new ControlRequest.Reset()));
    output.done("every phone is removed; the hub keeps its id, its key and its label");
    output.next("the next phone that pairs becomes the owner: " + command("qr"));
  }
}
