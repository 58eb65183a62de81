// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.Json;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "add",
    description = {
      "Register a device with what it proves itself with: a one-time token to enrol for a"
          + " certificate, or a secret that it shares with the server."
    })
public final class DeviceAdd extends OneDeviceCommand {
  @Option(names = "--model", paramLabel = "M", description = "What kind of device it is.")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--credential",
      paramLabel = "KIND",
      description = "How it proves who it is: ${COMPLETION-CANDIDATES}.")
  private CredentialKind credential = CredentialKind.certificate;

  @Option(
      names = "--secret-file",
      paramLabel = "F",
      description =
          "The secret that the device has already: the file's text, without the end of its line."
              + " Without it the server makes one and shows it once.")
  private Optional<Path> secretFile = Optional.empty();

  @Option(
      names = "--algorithm",
      paramLabel = "A",
      description =
          "How it seals its messages: ${COMPLETION-CANDIDATES}. Default for those with a secret:"
              + " ccm")
  private Optional<Algorithm> algorithm = Optional.empty();

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
    certificate,
    psk,
    sealed,
    mac
  }

  /** Named as on the command line and in the operator API. */
  enum Algorithm {
    ccm,
    ccm8,
    chacha20
  }

  private static void showSecret(JsonNode answer, Output output) throws CommandException {
    var fields = new ArrayList<Output.Field>();
    for (String name :
        List.of("keyId", "algorithm", "identity", "tls13KeyHex", "tls12KeyHex", "secret")) {
      if (answer.has(name)) {
        fields.add(new Output.Field(name, Printable.value(answer.path(name))));
      }
    }
    output.text("");
    output.fields(fields);
    output.text("");
    if (answer.has("secret")) {
      output.next(
          "give the secret to the device now: it is not shown again, and the server keeps only a"
              + " key made of it, wrapped");
    }
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    ObjectNode request = Json.object().put("serial", serial().value());
    model.ifPresent(name -> request.put("model", name));
    request.put("credential", credential.name()).put("clock", !noClock);
    algorithm.ifPresent(chosen -> request.put("algorithm", chosen.name()));
    if (secretFile.isPresent()) {
      request.put("secret", SecretFile.read(secretFile.get(), output.terminal()));
    }
    JsonNode answer = client.post(ApiPath.of("devices"), request);
    output.json(answer);
    if (credential == CredentialKind.certificate) {
      output.done("device " + serial() + " added; it is pending until it enrols");
      if (!output.isJson()) {
        Tokens.show(output, answer);
      }
    } else {
      output.done("device " + serial() + " added with credential " + credential);
      if (!output.isJson()) {
        showSecret(answer, output);
      }
    }
  }
}
