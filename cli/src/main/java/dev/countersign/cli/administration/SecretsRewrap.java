// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.administration;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.Json;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.remote.RemoteCommand;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(
    name = "rewrap",
    description = {
      "Make a new key-encryption key, and wrap the secrets of all devices under it.",
      "The server goes on meanwhile. Copies of the database from before need the old key."
    })
public final class SecretsRewrap extends RemoteCommand {
  public SecretsRewrap(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    JsonNode done = client.post(ApiPath.of("secrets", "rewrap"), Json.object());
    output.json(done);
    output.done(
        Printable.value(done.path("rewrapped"))
            + " secrets are wrapped under the new key "
            + Printable.value(done.path("newKey")));
    output.next(
        "copy keys/kek.key to where you keep keys, and keep the old one ("
            + Printable.value(done.path("oldKey"))
            + ") as long as backups of the database need it");
  }
}
