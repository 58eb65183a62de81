// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.administration;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.remote.RemoteCommand;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(
    name = "verify",
    description = "Have the server verify its audit log; ends with 1 if the log was tampered with.")
public final class AuditVerify extends RemoteCommand {
  public AuditVerify(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    JsonNode verdict = client.get(ApiPath.of("audit", "verification"));
    output.json(verdict);
    // Anything but a clear yes is a no.
    if (!verdict.path("intact").asBoolean(false)) {
      throw CommandException.refused(
          "the audit log is broken at entry "
              + Printable.value(verdict.path("number"))
              + ": "
              + Printable.value(verdict.path("reason")),
          "keep the data directory as it is, and compare with an earlier `countersign audit"
              + " export`");
    }
    output.done(
        "the audit log is intact: " + Printable.value(verdict.path("entries")) + " entries");
    output.next(
        "keep its head elsewhere, to see if it is ever cut or rewritten: "
            + Printable.value(verdict.path("head")));
  }
}
