// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.administration;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.Json;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.remote.RemoteCommand;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "remove", description = "Turn an operator away from now on.")
public final class OperatorRemove extends RemoteCommand {
  @Parameters(index = "0", paramLabel = "NAME", description = "The name in the audit log.")
  private String name = "";

  public OperatorRemove(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    client.delete(ApiPath.of("operators", name));
    output.json(Json.object().put("name", name).put("removed", true));
    output.done("operator " + name + " is turned away from now on");
  }
}
