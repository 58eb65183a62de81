// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.client.storage.DurableFile;
import dev.countersign.protocol.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A small file of lines whose last one is a digest of the others: what flash forgot, or a person
 * edited, is noticed.
 */
final class CheckedFile {
  private static final int MAX_BYTES = 4096;
  private static final String DIGEST = "sha256 ";

  private final Path file;
  private final String title;

  /** A file whose first line is this title. */
  CheckedFile(Path file, String title) {
    this.file = file;
    this.title = title;
  }

  /** What a file holds: lines, or nothing that can be relied on. */
  record Content(boolean damaged, List<String> lines) {}

  /** Its lines without title and digest; empty if there is no file. */
  Optional<Content> read() throws IOException {
    Optional<byte[]> bytes = DurableFile.read(file, MAX_BYTES);
    if (!bytes.isPresent()) {
      return Optional.empty();
    }
    String text = new String(bytes.get(), US_ASCII);
    List<String> lines = Arrays.asList(text.split("\n", -1));
    int digestAt = text.lastIndexOf(DIGEST);
    // A title, a digest, and the empty rest behind the last line end.
    boolean whole =
        lines.size() >= 3
            && lines.get(0).equals(title)
            && digestAt > 0
            && text.substring(digestAt).equals(digest(text.substring(0, digestAt)));
    return Optional.of(
        whole
            ? new Content(false, lines.subList(1, lines.size() - 2))
            : new Content(true, Collections.emptyList()));
  }

  void write(List<String> lines) throws IOException {
    var content = new StringBuilder(title).append('\n');
    lines.forEach(line -> content.append(line).append('\n'));
    DurableFile.replace(file, (content + digest(content.toString())).getBytes(US_ASCII));
  }

  void delete() throws IOException {
    DurableFile.delete(file);
  }

  private static String digest(String content) {
    return DIGEST + Sha256.of(content.getBytes(US_ASCII)).hex() + "\n";
  }

  Path file() {
    return file;
  }
}
