// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.administration;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.remote.RemoteCommand;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Output.Field;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Table;
import dev.countersign.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/**
 * Shows whatever the server tells of itself: plain values as fields, objects as groups of fields,
 * arrays of objects as tables. A newer server may tell more.
 */
@Command(
    name = "status",
    description = "Show listeners, counts, expiry dates and what needs attention.")
public final class StatusShow extends RemoteCommand {
  private static final String ATTENTION = "attention";

  /** The same with the advice apart; older servers do not have it. */
  private static final String ATTENTION_ITEMS = "attentionItems";

  public StatusShow(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    JsonNode status = client.get(ApiPath.of("status"));
    output.json(status);
    if (output.isJson()) {
      return;
    }
    output.fields(plainFields(status));
    for (Map.Entry<String, JsonNode> part : status.properties()) {
      boolean isAttention =
          part.getKey().equals(ATTENTION) || part.getKey().equals(ATTENTION_ITEMS);
      if (!isAttention && part.getValue().isContainer()) {
        group(part.getKey(), part.getValue(), output);
      }
    }
    attention(status.path(status.has(ATTENTION_ITEMS) ? ATTENTION_ITEMS : ATTENTION), output);
  }

  private static List<Field> plainFields(JsonNode object) {
    var fields = new ArrayList<Field>();
    for (Map.Entry<String, JsonNode> part : object.properties()) {
      if (!part.getValue().isContainer()) {
        fields.add(new Field(words(part.getKey()), Printable.time(part.getValue())));
      }
    }
    return fields;
  }

  private static void group(String name, JsonNode content, Output output) throws CommandException {
    output.text("");
    output.text(words(name));
    if (content.isObject()) {
      output.fields(plainFields(content));
      return;
    }
    Set<String> columns = new LinkedHashSet<>();
    content.forEach(row -> row.properties().forEach(cell -> columns.add(cell.getKey())));
    if (columns.isEmpty()) {
      for (JsonNode value : content) {
        output.text("  " + Printable.time(value));
      }
      return;
    }
    String[] head =
        columns.stream().map(c -> words(c).toUpperCase(Locale.ROOT)).toArray(String[]::new);
    try (Table table = output.table(head)) {
      for (JsonNode row : content) {
        table.row(columns.stream().map(c -> Printable.time(row.path(c))).toArray(String[]::new));
      }
    }
  }

  private static void attention(JsonNode items, Output output) throws CommandException {
    output.text("");
    if (items.isEmpty()) {
      output.done("nothing needs attention");
      return;
    }
    for (JsonNode item : items) {
      if (item.isObject()) {
        output.text("! " + Printable.value(item.path("what")));
        if (item.has("advice")) {
          output.next(item.path("advice").asString(""));
        }
      } else {
        output.text("! " + Printable.value(item));
      }
    }
  }

  /** {@code notAfter} reads better as {@code not after}. */
  private static String words(String name) {
    return Printable.text(name).replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }
}
