// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.remote.Json;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.protocol.Scalar;
import java.util.ArrayList;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The state of a hub's device, for people and programs. */
final class States {
  private States() {}

  static void show(Map<String, Scalar> state, Output output) throws CommandException {
    output.json(json(state));
    fields(state, output);
  }

  static void fields(Map<String, Scalar> state, Output output) throws CommandException {
    var fields = new ArrayList<Output.Field>();
    state.forEach((name, value) ->
        fields.add(new Output.Field(Printable.text(name), Printable.text(text(value)))));
    output.fields(fields);
  }

  static String text(Scalar value) {
    return String.valueOf(value.json());
  }

  static ObjectNode json(Map<String, Scalar> state) {
    ObjectNode json = Json.object();
    state.forEach((name, value) -> json.putPOJO(name, value.json()));
    return json;
  }
}
