// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Lines of comma-separated values (RFC 4180). */
final class Csv {
  private Csv() {}

  /** The row's values for these columns; nothing for a value that is absent. */
  static String line(List<String> columns, JsonNode row) {
    return columns.stream().map(column -> cell(row.path(column))).collect(Collectors.joining(","));
  }

  private static String cell(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    String text = value.isValueNode() ? value.asString() : value.toString();
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
