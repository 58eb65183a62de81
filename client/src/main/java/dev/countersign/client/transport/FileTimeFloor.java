// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.client.storage.DurableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** A time floor in a file, {@code DIR/time-floor}: one line, RFC 3339. */
public final class FileTimeFloor implements TimeFloor.Storage {
  /** A line of this is some 30 bytes. */
  private static final int MAX_BYTES = 128;

  private final Path file;

  public FileTimeFloor(Path directory) {
    this.file = directory.resolve("time-floor");
  }

  @Override
  public Optional<Instant> load() throws IOException {
    Optional<byte[]> content = DurableFile.read(file, MAX_BYTES);
    if (!content.isPresent()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(new String(content.get(), US_ASCII).trim()));
    } catch (DateTimeException e) {
      throw new IOException(
          file + ": expected a time such as 2026-11-21T00:00:00Z; delete the file to begin anew",
          e);
    }
  }

  @Override
  public void store(Instant floor) throws IOException {
    DurableFile.replace(file, (floor + "\n").getBytes(US_ASCII));
  }
}
