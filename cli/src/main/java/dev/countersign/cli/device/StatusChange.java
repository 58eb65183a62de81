// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import dev.countersign.cli.remote.Json;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Suspend, resume and revoke: one request each, with the reason that the audit log keeps. */
abstract class StatusChange extends OneDeviceCommand {
  private final String verb;

  @Option(
      names = "--reason",
      paramLabel = "R",
      required = true,
      description = "Why; it goes into the audit log.")
  private String reason = "";

  StatusChange(Terminal terminal, String verb) {
    super(terminal);
    this.verb = verb;
  }

  /** Tells a person what is true now. */
  abstract void report(Output output) throws CommandException;

  @Override
  protected final void run(OperatorClient client, Output output) throws CommandException {
    JsonNode device = client.post(path(verb), Json.object().put("reason", reason));
    output.json(device);
    report(output);
  }
}
