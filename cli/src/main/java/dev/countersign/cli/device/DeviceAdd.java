// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.Json;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "add", description = "Register a device and make its one-time enrolment token.")
public final class DeviceAdd extends OneDeviceCommand {
  @Option(names = "--model", paramLabel = "M", description = "What kind of device it is.")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--credential",
      paramLabel = "KIND",
      description = "How it proves who it is: ${COMPLETION-CANDIDATES}.")
  private CredentialKind credential = CredentialKind.certificate;

  @Option(
      names = "--no-clock",
      description =
          "It cannot tell the time: its certificate has no end, and the registry decides instead.")
  private boolean noClock;

  public DeviceAdd(Terminal terminal) {
    super(terminal);
  }

  /** Named as on the command line and in the operator API. */
  enum CredentialKind {
    certificate
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    ObjectNode request = Json.object().put("serial", serial().value());
    model.ifPresent(name -> request.put("model", name));
    request.put("credential", credential.name()).put("clock", !noClock);
    JsonNode answer = client.post(ApiPath.of("devices"), request);
    output.json(answer);
    output.done("device " + serial() + " added; it is pending until it enrols");
    if (!output.isJson()) {
      Tokens.show(output, answer);
    }
  }
}
