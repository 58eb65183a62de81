// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.remote;

import dev.countersign.cli.terminal.CommandException;
import tools.jackson.databind.JsonNode;

/** Takes the rows of a list one by one, as they arrive. */
@FunctionalInterface
public interface Rows {
  void accept(JsonNode row) throws CommandException;
}
