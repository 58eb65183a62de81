// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.server.journal.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The journal's reasons are documented as they are")
final class JournalReasonsTest {
  private static final Path ROOT = Path.of(System.getProperty("countersign.root", "."));

  @Test
  @DisplayName("docs/operations.md has a row for each, in order, in the program's own words")
  void table_is_the_program() throws IOException {
    List<String> documented =
        Files.readAllLines(ROOT.resolve("docs/operations.md")).stream()
            .dropWhile(line -> !line.startsWith("| step | reason |"))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    assertThat(documented)
        .containsExactlyElementsOf(
            Arrays.stream(Reason.values()).map(JournalReasonsTest::row).toList());
  }

  private static String row(Reason reason) {
    return "| %s | `%s` | %s | %s |"
        .formatted(
            reason.step().wireName(),
            reason.wireName(),
            reason.meaning(),
            reason.advice("SERIAL").replace("|", "\\|"));
  }
}
