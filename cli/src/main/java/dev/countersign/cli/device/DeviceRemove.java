// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import dev.countersign.cli.remote.Json;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import picocli.CommandLine.Command;

@Command(name = "remove", description = "Remove a device from the registry, with its readings.")
public final class DeviceRemove extends OneDeviceCommand {
  public DeviceRemove(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    client.delete(path());
    output.json(Json.object().put("serial", serial().value()).put("removed", true));
    output.done("device " + serial() + " removed; what was issued to it stays on record");
  }
}
