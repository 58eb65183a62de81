// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import dev.countersign.cli.remote.Json;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.HumanDuration;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
    name = "token",
    description = "Make a new one-time enrolment token; the old one is void from then on.")
public final class DeviceToken extends OneDeviceCommand {
  @Option(
      names = "--valid-for",
      paramLabel = "DURATION",
      description = "How long it can be used: 45s, 15m, 1h, 30d. Default: 7d")
  private Duration validFor = Duration.ofDays(7);

  public DeviceToken(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    JsonNode answer =
        client.post(path("token"), Json.object().put("validFor", HumanDuration.iso(validFor)));
    output.json(answer);
    if (!output.isJson()) {
      Tokens.show(output, answer);
    }
  }
}
