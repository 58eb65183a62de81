// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.CommandLine;
import dev.countersign.integration.Program;
import dev.countersign.integration.Program.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A shell completes what is typed")
class CompletionTest {
  /** Asks the function that bash itself would ask, with the cursor behind the last word. */
  private static final String ASK =
      """
      source ./completion
      function="$(complete -p countersign | sed 's/.*-F \\([^ ]*\\) .*/\\1/')"
      compopt() { :; }    # outside of a completion bash refuses it
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
      "$function" countersign "${@: -1}" "${@: -2:1}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """;

  private static Path script(Path directory, String shell) throws IOException {
    CommandLine.Outcome printed = CommandLine.run(directory, "completion", shell);
    assertThat(printed.exitCode()).as(printed.err()).isZero();
    return Files.writeString(directory.resolve("completion"), printed.out());
  }

  private static List<String> completed(Program bash, String... words) {
    String[] arguments = new String[words.length + 3];
    arguments[0] = "-c";
    arguments[1] = ASK;
    arguments[2] = "bash";
    System.arraycopy(words, 0, arguments, 3, words.length);
    Run run = bash.run(arguments);
    assertThat(run.err()).isEmpty();
    return run.out().lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  @Test
  @DisplayName("in bash: commands, subcommands, options and what they take")
  void completes_in_bash(@TempDir Path scratch) throws IOException {
    Program bash = Program.in(scratch, "bash");
    script(scratch, "bash");
    assertThat(completed(bash, "countersign", "de")).contains("demo", "device");
    assertThat(completed(bash, "countersign", "device", "re"))
        .containsExactlyInAnyOrder("remove", "resume", "resync", "revoke");
    assertThat(completed(bash, "countersign", "readings", "--si")).containsExactly("--since");
    assertThat(completed(bash, "countersign", "completion", "z")).containsExactly("zsh");
    assertThat(completed(bash, "countersign", "nothing-begins-so")).isEmpty();
  }

  @Test
  @DisplayName("in zsh, which asks the same function")
  void completes_in_zsh(@TempDir Path scratch) throws IOException {
    Program zsh = Program.in(scratch, "zsh");
    script(scratch, "zsh");
    Run run = zsh.run("-f", "-c", "source ./completion; print -r -- $_comps[countersign]");
    assertThat(run.output().strip()).contains("_bash_complete -F _complete_countersign");
  }
}
