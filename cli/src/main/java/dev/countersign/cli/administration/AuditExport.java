// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.administration;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.remote.RemoteCommand;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import picocli.CommandLine.Command;

@Command(
    name = "export",
    description = {
      "Print the whole audit log as JSON, one entry a line, with or without --json.",
      "Each entry holds the hash of the one before it, so that the export can be verified alone."
    })
public final class AuditExport extends RemoteCommand {
  public AuditExport(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    client.pages(ApiPath.of("audit"), "number", entry -> output.line(entry.toString()));
  }
}
