// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import dev.countersign.cli.remote.Json;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "set",
    description = {
      "Change some of a device's settings; the others stay.",
      "A JSON number is a number, true and false are what they say, all else is text;"
          + " 'name=' removes."
    })
public final class SettingsSet extends OneDeviceCommand {
  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "name=value",
      description = "What to change.")
  private List<String> changes = new ArrayList<>();

  public SettingsSet(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    JsonNode answer = client.patch(path("settings"), patch());
    output.json(answer);
    output.done(
        "settings of " + serial() + " are version " + Printable.value(answer.path("version")));
    SettingsView.show(output, answer);
  }

  private ObjectNode patch() throws CommandException {
    ObjectNode patch = Json.object();
    for (String change : changes) {
      int equals = change.indexOf('=');
      if (equals < 1) {
        throw CommandException.usage(
            "expected name=value, got '" + change + "'",
            "write interval=60, or interval= to remove");
      }
      String name = change.substring(0, equals);
      if (patch.has(name)) {
        throw CommandException.usage("'" + name + "' is set twice", "give each name once");
      }
      put(patch, name, change.substring(equals + 1));
    }
    return patch;
  }

  private static void put(ObjectNode patch, String name, String text) throws CommandException {
    if (text.isEmpty()) {
      patch.putNull(name);
      return;
    }
    try {
      switch (Scalar.parse(name, text)) {
        // As it was typed: 60 and not 60.0.
        case Scalar.Numeric _ -> patch.put(name, new BigDecimal(text));
        case Scalar.Flag flag -> patch.put(name, flag.value());
        case Scalar.Text value -> patch.put(name, value.value());
      }
    } catch (MalformedException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()), "give a value that fits");
    }
  }
}
