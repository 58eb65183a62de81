// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.administration;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.remote.RemoteCommand;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Output.Field;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Terminal;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(name = "show", description = "Show the certificate authorities, from the root down.")
public final class CaShow extends RemoteCommand {
  public CaShow(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    client.rows(
        ApiPath.of("authorities"),
        authority -> {
          output.json(authority);
          if (!output.isJson()) {
            show(authority, output);
          }
        });
  }

  private static void show(JsonNode authority, Output output) throws CommandException {
    output.text(Printable.value(authority.path("name")));
    String issues =
        authority
            .path("issues")
            .valueStream()
            .map(Printable::value)
            .collect(Collectors.joining(", "));
    output.fields(
        List.of(
            new Field("subject", Printable.value(authority.path("subject"))),
            new Field("SHA-256", Printable.value(authority.path("sha256"))),
            new Field("key", Printable.value(authority.path("keyAlgorithm"))),
            new Field("begins", Printable.time(authority.path("notBefore"))),
            new Field("ends", Printable.time(authority.path("notAfter"))),
            new Field("issues", issues.isEmpty() ? "-" : issues)));
  }
}
