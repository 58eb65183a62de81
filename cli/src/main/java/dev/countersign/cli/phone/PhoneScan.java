// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.remote.Json;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.ExitCode;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Problems;
import dev.countersign.cli.terminal.Table;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.hub.HubDiscovery.FoundHub;
import dev.countersign.protocol.pairing.PairingCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code countersign phone scan}. */
@Command(
    name = "scan",
    description = {
      "Look for hubs on this network, or say what a code is, without its secret.",
      "What is announced proves nothing: a hub proves itself when it pairs."
    })
public final class PhoneScan implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "CODE",
      description =
          "A picture with a QR code, @FILE with its text, the text itself, or - for stdin. Without"
              + " it, hubs are looked for by multicast DNS.")
  private Optional<String> given = Optional.empty();

  @Option(
      names = "--for",
      paramLabel = "TIME",
      defaultValue = "3s",
      description = "How long to look (default: ${DEFAULT-VALUE}).")
  private Duration time = Duration.ofSeconds(3);

  @Option(names = "--json", description = "Print JSON, one object a line.")
  private boolean json;

  public PhoneScan(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandException {
    var output = new Output(terminal, json);
    if (given.isPresent()) {
      describe(Codes.read(given.get(), System.in), output);
    } else {
      look(output);
    }
    return ExitCode.DONE.number();
  }

  private static void describe(Codes.Given read, Output output) throws CommandException {
    switch (read) {
      case Codes.Given.Scanned(PairingCode code) -> describe(code, output);
      case Codes.Given.Typed _ -> {
        output.json(Json.object().put("place", "typed"));
        output.text("ten digits, with a right check digit; of which hub, they do not say");
      }
    }
  }

  private static void describe(PairingCode code, Output output) throws CommandException {
    String place = code.place().name().toLowerCase(Locale.ROOT);
    output.json(
        Json.object()
            .put("place", place)
            .put("hubId", code.hub().toString())
            .put("hubKey", code.hubKey().hex())
            .put("role", code.role().wireName())
            .put("needsButton", code.needsButton()));
    output.fields(
        List.of(
            new Output.Field("code", place),
            new Output.Field("hub", code.hub().toString()),
            new Output.Field("key", code.hubKey().hex()),
            new Output.Field("makes", code.role().wireName()),
            new Output.Field("button", code.needsButton() ? "has to be pressed" : "not needed")));
  }

  private void look(Output output) throws CommandException {
    List<FoundHub> found;
    try {
      found = new HubSearch().find(time);
    } catch (IOException e) {
      throw CommandException.refused(
          "cannot look for hubs: " + Problems.reason(e), "give the hub's address with --address");
    }
    try (Table table = output.table("HUB", "ADDRESS", "NAME")) {
      for (FoundHub hub : found) {
        output.json(
            Json.object()
                .put("hubId", hub.id().toString())
                .put("address", hub.address().toString())
                .put("name", hub.name()));
        if (!output.isJson()) {
          table.row(hub.id().toString(), hub.address().toString(), Printable.text(hub.name()));
        }
      }
    }
    if (found.isEmpty()) {
      output.text("no hub announces itself here");
      output.next("join the hub's network, or give its address with --address");
    }
  }
}
