// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.relay;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import java.util.Map;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/** What all commands say alike about relays. */
final class RelayWords {
  private RelayWords() {}

  /** Whoever reads one delivery of such a relay can make others. */
  static void weakness(JsonNode relay, Output output) throws CommandException {
    if (relay.path("weak").asBoolean(false)) {
      output.text("! mode static is weak: the secret is in every delivery");
    }
  }

  static void blastRadius(JsonNode relay, Output output) throws CommandException {
    output.text(
        "  blast radius of its secret: "
            + Printable.value(relay.path("blastRadiusDevices"))
            + " devices; who has it can deliver, repeat and withhold, and read or make nothing");
  }

  /** {@code 3 lost, 1 altered}, without what was simply delivered. */
  static String findings(JsonNode findings) {
    var words = new StringJoiner(", ");
    for (Map.Entry<String, JsonNode> finding : findings.properties()) {
      if (!finding.getKey().equals("delivered")) {
        words.add(
            Printable.value(finding.getValue().path("count"))
                + " "
                + Printable.text(finding.getKey()));
      }
    }
    return words.length() == 0 ? "-" : words.toString();
  }

  static String mode(JsonNode relay) {
    return Printable.value(relay.path("mode"))
        + (relay.path("weak").asBoolean(false) ? " (weak)" : "");
  }
}
