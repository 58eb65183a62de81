// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import picocli.CommandLine.Command;

@Command(name = "suspend", description = "Turn a device away until it is resumed.")
public final class DeviceSuspend extends StatusChange {
  public DeviceSuspend(Terminal terminal) {
    super(terminal, "suspend");
  }

  @Override
  void report(Output output) throws CommandException {
    output.done("device " + serial() + " is suspended: it is answered 403 until it is resumed");
    output.next("`countersign device resume " + serial() + " --reason R` lets it in again");
  }
}
