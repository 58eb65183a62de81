// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration;

import dev.countersign.server.journal.Reason;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What the journal says of a device, or of nobody, as an operator reads it. */
public final class JournalView {
  private final OperatorCalls operator;
  private final String path;

  private JournalView(OperatorCalls operator, String path) {
    this.operator = operator;
    this.path = path;
  }

  public static JournalView unattributed(OperatorCalls operator) {
    return new JournalView(operator, "/v1/journal?unattributed=true&limit=1000");
  }

  public static JournalView of(OperatorCalls operator, String serial) {
    return new JournalView(operator, "/v1/devices/" + serial + "/journal?limit=1000");
  }

  /** Everything, the newest first. */
  public List<JsonNode> entries() throws IOException {
    return operator.get(path).expect(200).lines();
  }

  /** How often something failed for this reason. */
  public long count(Reason reason) throws IOException {
    return entries().stream()
        .filter(entry -> entry.path("reason").asString().equals(reason.wireName()))
        .mapToLong(entry -> entry.path("count").asLong())
        .sum();
  }

  /** The newest entry with this reason. */
  public JsonNode newest(Reason reason) throws IOException {
    return entries().stream()
        .filter(entry -> entry.path("reason").asString().equals(reason.wireName()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing failed for " + reason));
  }
}
