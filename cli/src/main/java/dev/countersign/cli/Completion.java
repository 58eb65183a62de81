// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code countersign completion}: what a shell needs to complete commands and options. Made from
 * the commands themselves each time, so that it is of this version.
 */
@Command(
    name = "completion",
    description = {
      "Print a script that lets a shell complete commands and options.",
      "For bash: source <(countersign completion bash)"
    })
final class Completion implements Callable<Integer> {
  /** The ones that picocli writes for. */
  enum Shell {
    bash,
    zsh
  }

  /** Bash's completion, which the script speaks, is an addition to zsh's own. */
  private static final String ZSH_PREAMBLE =
      "autoload -Uz compinit && compinit\nautoload -Uz bashcompinit && bashcompinit";

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
  private Shell shell = Shell.bash;

  Completion(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandException {
    var output = new Output(terminal, false);
    if (shell == Shell.zsh) {
      output.text(ZSH_PREAMBLE);
    }
    output.text(AutoComplete.bash(spec.root().name(), spec.root().commandLine()));
    return 0;
  }
}
