// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.relay;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.Json;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.remote.RemoteCommand;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Terminal;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "add",
    description = {
      "Let somebody else's cloud deliver sealed messages.",
      "Its secret is made by the server and shown once; it opens and makes no message."
    })
public final class RelayAdd extends RemoteCommand {
  private static final String SIGNED = "signed";
  private static final List<String> MODES = List.of(SIGNED, "static");

  @Parameters(index = "0", paramLabel = "NAME", description = "The last part of its URL.")
  private String name = "";

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      completionCandidates = Modes.class,
      description = "How it proves itself: ${COMPLETION-CANDIDATES}. Default: " + SIGNED)
  private String mode = SIGNED;

  @Option(
      names = "--field",
      paramLabel = "NAME",
      description = "Where in its JSON the token stands; dots lead into objects. Default: o")
  private Optional<String> field = Optional.empty();

  @Option(
      names = "--errors-as-200",
      description = "Answer errors with status 200, for a relay that drops other bodies.")
  private boolean errorsAs200;

  public RelayAdd(Terminal terminal) {
    super(terminal);
  }

  /** Not an enum: Java has the second word for itself. */
  static final class Modes implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return MODES.iterator();
    }
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    if (!MODES.contains(mode)) {
      throw CommandException.usage(
          "--mode expects signed or static, got " + mode,
          "leave it out unless the relay cannot sign");
    }
    ObjectNode request = Json.object().put("name", name).put("mode", mode);
    field.ifPresent(path -> request.put("field", path));
    request.put("errorsAs200", errorsAs200);
    JsonNode answer = client.post(ApiPath.of("relays"), request);
    output.json(answer);
    if (!output.isJson()) {
      show(answer, output);
    }
  }

  private static void show(JsonNode relay, Output output) throws CommandException {
    output.done(
        "relay "
            + Printable.value(relay.path("name"))
            + " may deliver to "
            + Printable.value(relay.path("path"))
            + "; its secret, shown this once:");
    output.text("");
    output.text("  " + Printable.value(relay.path("secret")));
    output.text("");
    output.text("  it sends  " + Printable.value(relay.path("header")));
    output.text("  it puts the token into the field  " + Printable.value(relay.path("field")));
    RelayWords.weakness(relay, output);
    RelayWords.blastRadius(relay, output);
  }
}
