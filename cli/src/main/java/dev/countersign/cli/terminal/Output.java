// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.terminal;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What a command has to say: JSON for programs, or lines for people. Exactly one of the two reaches
 * stdout, whichever {@code --json} chose; the calls for the other do nothing.
 */
public final class Output {
  private final Terminal terminal;
  private final boolean json;

  public Output(Terminal terminal, boolean json) {
    this.terminal = terminal;
    this.json = json;
  }

  /** Whether a program reads along. */
  public boolean isJson() {
    return json;
  }

  /** For programs: one value on one line. */
  public void json(JsonNode value) throws CommandException {
    if (json) {
      line(value.toString());
    }
  }

  /** For people: something was done. */
  public void done(String fact) throws CommandException {
    text("✔ " + Printable.text(fact));
  }

  /** For people: what can be done next. */
  public void next(String advice) throws CommandException {
    text("  → " + Printable.text(advice));
  }

  /** For people: a line as it is. */
  public void text(String line) throws CommandException {
    if (!json) {
      line(line);
    }
  }

  /** For people: names and values below each other. */
  public void fields(List<Field> fields) throws CommandException {
    int width = fields.stream().mapToInt(field -> field.name().length()).max().orElse(0);
    for (Field field : fields) {
      text("  " + field.name() + " ".repeat(width - field.name().length() + 2) + field.value());
    }
  }

  /** For people: a table. Programs get their rows by {@link #json}. */
  public Table table(String... head) {
    return new Table(this, List.of(head));
  }

  /** A name and its value. */
  public record Field(String name, String value) {}

  /**
   * One line on stdout, whoever reads it.
   *
   * @throws CommandException if nobody reads any more, as with {@code | head}: there is no use in
   *     going on
   */
  public void line(String line) throws CommandException {
    terminal.out().println(line);
    if (terminal.out().checkError()) {
      throw CommandException.refused("stdout was closed", "let the program that reads it read on");
    }
  }

  public Terminal terminal() {
    return terminal;
  }
}
