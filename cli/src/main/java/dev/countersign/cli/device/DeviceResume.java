// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import picocli.CommandLine.Command;

@Command(name = "resume", description = "Let a suspended device in again.")
public final class DeviceResume extends StatusChange {
  public DeviceResume(Terminal terminal) {
    super(terminal, "resume");
  }

  @Override
  void report(Output output) throws CommandException {
    output.done("device " + serial() + " is let in again");
  }
}
