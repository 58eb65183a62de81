// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import dev.countersign.cli.remote.Rows;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.PrivateFile;
import java.nio.file.Path;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Follows an import while it runs: progress, then either the tokens and the count, or every refused
 * line.
 */
final class ImportAnswer implements Rows, AutoCloseable {
  private final Output output;
  private final Optional<PrivateFile> tokens;
  private @Nullable ProgressBar bar;
  private long refused;
  private long tokensWritten;
  private long imported = -1;

  ImportAnswer(Output output, Optional<PrivateFile> tokens) {
    this.output = output;
    this.tokens = tokens;
  }

  @Override
  public void accept(JsonNode row) throws CommandException {
    if (row.has("checked")) {
      progress(row.path("checked").asLong(0), row.path("of").asLong(0));
    } else if (row.has("enrolmentToken")) {
      token(row);
    } else if (row.has("imported")) {
      imported = row.path("imported").asLong(0);
      close();
      output.json(row);
    } else if (row.has("refused")) {
      close();
      refuse(row);
    }
  }

  private void progress(long checked, long of) {
    if (!output.terminal().interactive()) {
      return;
    }
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("checking")
              .setInitialMax(of)
              .setStyle(ProgressBarStyle.ASCII)
              .setConsumer(new ConsoleProgressBarConsumer(output.terminal().err()))
              .build();
    }
    bar.stepTo(checked);
  }

  private void token(JsonNode row) throws CommandException {
    if (tokens.isEmpty()) {
      return;
    }
    PrivateFile file = tokens.get();
    if (tokensWritten == 0) {
      file.write("serial,enrolmentToken\n");
    }
    // A serial and a token consist of characters that CSV need not quote.
    file.write(
        Printable.value(row.path("serial"))
            + ","
            + Printable.value(row.path("enrolmentToken"))
            + "\n");
    tokensWritten++;
  }

  private void refuse(JsonNode row) throws CommandException {
    output.json(row);
    for (JsonNode line : row.path("refused")) {
      refused++;
      if (!output.isJson()) {
        output
            .terminal()
            .err()
            .println(
                "  line "
                    + Printable.value(line.path("line"))
                    + ", "
                    + Printable.value(line.path("field"))
                    + ": "
                    + Printable.value(line.path("reason")));
      }
    }
  }

  /** Says how it ended, once the answer is complete. */
  void finish(Path file) throws CommandException {
    if (imported < 0 && refused > 0) {
      throw CommandException.refused(
          file + " is refused and nothing was imported: " + refused + " problem" + plural(refused),
          "mend the lines named above, then import the whole file again");
    }
    if (tokensWritten > 0) {
      tokens.orElseThrow().keep();
    }
    if (imported < 0) {
      throw CommandException.unreachable(
          "the server's answer ended early; the devices may be imported or not",
          "`countersign device list` shows what there is; nothing is imported twice");
    }
    output.done(imported + " device" + plural(imported) + " imported");
    if (tokensWritten > 0) {
      output.done(
          tokensWritten
              + " enrolment token"
              + plural(tokensWritten)
              + " written to "
              + tokens.orElseThrow().path()
              + " (0600); the server keeps only hashes");
    } else {
      output.next("`countersign device token SERIAL` makes the token that a device enrols with");
    }
  }

  private static String plural(long count) {
    return count == 1 ? "" : "s";
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
