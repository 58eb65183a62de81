// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.relay;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.Json;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.remote.RemoteCommand;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Freeze and unfreeze: one request each. */
abstract class FreezeChange extends RemoteCommand {
  private final String verb;

  @Parameters(index = "0", paramLabel = "NAME", description = "The relay.")
  private String name = "";

  @Option(names = "--reason", paramLabel = "R", description = "Why; it goes into the audit log.")
  private String reason = "";

  FreezeChange(Terminal terminal, String verb) {
    super(terminal);
    this.verb = verb;
  }

  final String name() {
    return name;
  }

  /** Tells a person what is true now. */
  abstract void report(JsonNode relay, Output output) throws CommandException;

  @Override
  protected final void run(OperatorClient client, Output output) throws CommandException {
    JsonNode relay =
        client.post(ApiPath.of("relays", name, verb), Json.object().put("reason", reason));
    output.json(relay);
    report(relay, output);
  }
}
