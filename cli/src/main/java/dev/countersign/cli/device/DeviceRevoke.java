// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import picocli.CommandLine.Command;

@Command(
    name = "revoke",
    description = "Turn a device away and revoke all its certificates, for good.")
public final class DeviceRevoke extends StatusChange {
  public DeviceRevoke(Terminal terminal) {
    super(terminal, "revoke");
  }

  @Override
  void report(Output output) throws CommandException {
    output.done("device " + serial() + " is revoked, and all its certificates with it");
  }
}
