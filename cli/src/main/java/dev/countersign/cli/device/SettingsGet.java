// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(name = "get", description = "Show a device's settings, and whether it applied them.")
public final class SettingsGet extends OneDeviceCommand {
  public SettingsGet(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    JsonNode answer = client.get(path("settings"));
    output.json(answer);
    String version = Printable.value(answer.path("version"));
    output.text(
        version.equals("0")
            ? "no settings yet (version 0)"
            : "version " + version + ", SHA-256 " + Printable.value(answer.path("sha256")));
    SettingsView.show(output, answer);
  }
}
