// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import dev.countersign.protocol.Hexadecimal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Numbers in a small file (0600), replaced in one step. */
public final class FileNumbersStorage implements NumbersStorage {
  private static final int LINES = 3;
  private static final int MAX_CONTEXT_HEX = 128;
  private static final String CONTEXT = "context ";
  private static final String ANNOUNCED = "announced ";
  private static final String BOUND = "bound ";

  private final CheckedFile file;

  /** In this file; its directory is there. */
  public FileNumbersStorage(Path file) {
    this.file = new CheckedFile(file, "countersign sealed numbers 1");
  }

  @Override
  public Optional<Numbers> load() throws IOException {
    Optional<CheckedFile.Content> content = file.read();
    return content.isPresent() && content.get().lines().size() == LINES
        ? parse(content.get().lines())
        : Optional.empty();
  }

  /** Its digest was right, so it is as it was written; by another version, perhaps. */
  private static Optional<Numbers> parse(List<String> lines) {
    String context = lines.get(0);
    String announced = lines.get(1);
    String bound = lines.get(2);
    if (!context.matches(CONTEXT + "([0-9a-f]{2}){0," + MAX_CONTEXT_HEX / 2 + "}")
        || !announced.matches(ANNOUNCED + "(true|false)")
        || !bound.matches(BOUND + "\\d{1,18}")) {
      return Optional.empty();
    }
    return Optional.of(
        new Numbers(
            Hexadecimal.decode(context.substring(CONTEXT.length())),
            Boolean.parseBoolean(announced.substring(ANNOUNCED.length())),
            Long.parseLong(bound.substring(BOUND.length()))));
  }

  @Override
  public void store(Numbers numbers) throws IOException {
    file.write(
        List.of(
            CONTEXT + Hexadecimal.encode(numbers.context().orElseGet(() -> new byte[0])),
            ANNOUNCED + numbers.announced(),
            BOUND + numbers.bound()));
  }

  void delete() throws IOException {
    file.delete();
  }
}
