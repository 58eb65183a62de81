// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The threat model names a test for every defence, and that test exists")
final class ThreatModelTest {
  private static final Path ROOT = Path.of(System.getProperty("countersign.root", "."));
  private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\|.*\\|([^|]*)\\|");
  private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");

  @Test
  @DisplayName("every row has at least one test, and every test is there")
  void every_row_names_tests_that_exist() throws IOException {
    Map<String, String> sources = testSources();
    var rows = new ArrayList<String>();
    var missing = new ArrayList<String>();
    for (String line : Files.readAllLines(ROOT.resolve("docs/threat-model.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.add(row.group(1));
        missing.addAll(missingTests(row.group(1), row.group(2), sources));
      }
    }

    assertThat(rows).hasSizeGreaterThan(30).doesNotHaveDuplicates();
    assertThat(missing).isEmpty();
  }

  private static List<String> missingTests(String row, String column, Map<String, String> sources) {
    var missing = new ArrayList<String>();
    int named = 0;
    for (Matcher test = TEST.matcher(column); test.find(); ) {
      named++;
      String source = sources.getOrDefault(test.group(1), "");
      if (!source.contains("void " + test.group(2) + "(")) {
        missing.add("row " + row + ": " + test.group());
      }
    }
    if (named == 0) {
      missing.add("row " + row + " names no test");
    }
    return missing;
  }

  /** The text of every test class by its simple name. */
  private static Map<String, String> testSources() throws IOException {
    var sources = new HashMap<String, String>();
    try (Stream<Path> files = Files.walk(ROOT)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        if (file.toString().contains("/src/test/java/") && name.endsWith(".java")) {
          sources.put(name.substring(0, name.length() - ".java".length()), Files.readString(file));
        }
      }
    }
    return sources;
  }
}
