// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.demo;

import static dev.countersign.cli.demo.Stage.require;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Table;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What becomes of the devices if a key leaks, and what is kept of all that was done. */
final class ClosingSteps {
  private final Stage stage;

  ClosingSteps(Stage stage) {
    this.stage = stage;
  }

  void run() throws CommandException {
    blastRadius();
    auditLog();
  }

  private void blastRadius() throws CommandException {
    List<JsonNode> rows = stage.rows(ApiPath.of("blast-radius"));
    List<JsonNode> held = heldBy("device", rows);
    require(
        held.size() == 2 && held.stream().allMatch(row -> row.path("count").asInt() > 0),
        "blast-radius does not know of the devices' keys and secrets");
    require(
        rows.stream().noneMatch(row -> row.path("flagged").asBoolean(true))
            && held.stream().allMatch(row -> row.path("devices").asInt(-1) == 1),
        "a key that a device holds opens more than this device");
    List<JsonNode> relays = heldBy("relay", rows);
    require(
        relays.size() == 1
            && relays.getFirst().path("count").asInt() == 1
            && relays.getFirst().path("devices").asInt(-1) == 0,
        "the relay's account is not counted, or opens devices");
    stage.done(
        "blast radius: what a device holds opens that device alone, what the relay holds none");
    try (Table table = stage.output().table("    KEY", "HELD BY", "KEYS", "DEVICES THAT FALL")) {
      for (JsonNode row : rows) {
        table.row(
            "    " + Printable.value(row.path("key")),
            Printable.value(row.path("holder")),
            Printable.value(row.path("count")),
            Printable.value(row.path("devices")));
      }
    }
  }

  private static List<JsonNode> heldBy(String holder, List<JsonNode> rows) {
    return rows.stream().filter(row -> row.path("holder").asString("").equals(holder)).toList();
  }

  private void auditLog() throws CommandException {
    JsonNode verification = stage.operator().get(ApiPath.of("audit", "verification"));
    require(verification.path("intact").asBoolean(false), "the audit log is broken");
    stage.done(
        "audit log verified: "
            + verification.path("entries").asInt(0)
            + " entries, head "
            + verification.path("head").asString("").substring(0, 16)
            + "…");
  }
}
