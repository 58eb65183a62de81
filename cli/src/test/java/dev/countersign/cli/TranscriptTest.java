// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command as a transcript: src/test/resources/transcripts. */
class TranscriptTest {
  private static final Path TRANSCRIPTS = Path.of("src", "test", "resources", "transcripts");

  static Stream<Path> transcripts() throws IOException {
    try (Stream<Path> files = Files.list(TRANSCRIPTS)) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("transcripts")
  @DisplayName("asks, prints and ends as the transcript says")
  void replays(Path file, @TempDir Path directory) throws Exception {
    var transcript = new Transcript(new TestInstallation(directory));
    String actual = transcript.replay(Files.readAllLines(file, UTF_8));
    // Where the transcript is out of date, this is the new one to look at.
    Path seen = Files.createDirectories(Path.of("target", "transcripts"));
    Files.writeString(seen.resolve(file.getFileName()), actual, UTF_8);
    assertThat(actual).isEqualTo(Files.readString(file, UTF_8));
  }
}
