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
    List<JsonNode> held =
        rows.stream().filter(row -> row.path("holder").asString("").equals("device")).toList();
    require(
        held.size() == 2 && held.stream().allMatch(row -> row.path("count").asInt() > 0),
        "blast-radius does not know of the devices' keys and secrets");
    require(
        rows.stream().noneMatch(row -> row.path("flagged").asBoolean(true))
            && held.stream().allMatch(row -> row.path("devices").asInt(-1) == 1),
        "a key that a device holds opens more than this device");
    stage.done("blast radius: no key that a device holds opens more than one device");
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
