// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Output.Field;
import dev.countersign.cli.terminal.Printable;
import java.util.ArrayList;
import tools.jackson.databind.JsonNode;

/** Shows settings, and how far the device has come with them. */
final class SettingsView {
  private SettingsView() {}

  static void show(Output output, JsonNode answer) throws CommandException {
    var fields = new ArrayList<Field>();
    answer
        .path("settings")
        .properties()
        .forEach(entry ->
            fields.add(
                new Field(Printable.text(entry.getKey()), Printable.value(entry.getValue()))));
    output.fields(fields);
    JsonNode applied = answer.path("applied");
    if (applied.isObject()) {
      boolean current = applied.path("version").equals(answer.path("version"));
      output.text(
          (current ? "applied by the device at " : "the device has version ")
              + (current
                  ? Printable.time(applied.path("at"))
                  : Printable.value(applied.path("version"))
                      + " since "
                      + Printable.time(applied.path("at"))));
    } else if (answer.path("version").asLong(0) > 0) {
      output.text("not yet applied by the device");
    }
  }
}
