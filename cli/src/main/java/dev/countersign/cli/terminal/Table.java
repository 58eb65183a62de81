// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An aligned table that need not be held whole: the widths come from its head and first rows, and
 * later rows follow them.
 */
public final class Table implements AutoCloseable {
  /** Enough to find good widths, few enough to print at once. */
  private static final int ROWS_MEASURED = 500;

  private static final String GAP = "  ";

  private final Output output;
  private final int[] widths;
  private final List<List<String>> waiting = new ArrayList<>();
  private boolean measured;
  private long rows;

  Table(Output output, List<String> head) {
    this.output = output;
    this.widths = new int[head.size()];
    waiting.add(head);
  }

  /** Adds a row of as many cells as the head has. */
  public void row(String... cells) throws CommandException {
    if (cells.length != widths.length) {
      throw new IllegalArgumentException("expected " + widths.length + " cells");
    }
    rows++;
    if (measured) {
      print(Arrays.asList(cells));
    } else {
      waiting.add(Arrays.asList(cells));
      if (waiting.size() > ROWS_MEASURED) {
        flush();
      }
    }
  }

  /** How many rows there were. */
  public long rows() {
    return rows;
  }

  private void flush() throws CommandException {
    for (List<String> row : waiting) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], columns(row.get(i)));
      }
    }
    measured = true;
    for (List<String> row : waiting) {
      print(row);
    }
    waiting.clear();
  }

  private void print(List<String> row) throws CommandException {
    var line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = row.get(i);
      line.append(cell);
      if (i < widths.length - 1) {
        line.repeat(' ', Math.max(0, widths[i] - columns(cell))).append(GAP);
      }
    }
    output.line(line.toString().stripTrailing());
  }

  private static int columns(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  /** Prints what still waits. A table without rows prints nothing, not even its head. */
  @Override
  public void close() throws CommandException {
    if (!measured && rows > 0) {
      flush();
    }
  }
}
