// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.sealed;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Problems;
import dev.countersign.client.sealed.FileNumbersStorage;
import dev.countersign.client.sealed.Numbers;
import dev.countersign.protocol.sealed.OscoreOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/** Which numbers were used by hand, in a file: none is used twice. */
final class NumberBook {
  private final Path file;
  private final FileNumbersStorage storage;

  NumberBook(Path file) {
    this.file = file;
    this.storage = new FileNumbersStorage(file);
  }

  /**
   * Takes a number; that it is used is on the disk when this returns.
   *
   * @param wanted empty for the next one
   * @param context the ID Context it is used under; a book is for one
   */
  long take(OptionalLong wanted, Optional<byte[]> context) throws CommandException {
    try {
      byte[] idContext = context.orElseGet(() -> new byte[0]);
      Numbers before = load().orElseGet(() -> new Numbers(idContext, false, 0));
      if (!Arrays.equals(before.context().orElseGet(() -> new byte[0]), idContext)) {
        throw CommandException.usage(
            file + " is of another ID Context", "name a file of its own for each ID Context");
      }
      long number = wanted.orElse(before.bound());
      if (number < before.bound() || number >= OscoreOption.MAX_PARTIAL_IV) {
        throw CommandException.refused(
            "number " + number + " may have been used: expected " + before.bound() + " or more",
            "leave --sequence out for the next one");
      }
      storage.store(new Numbers(idContext, false, number + 1));
      return number;
    } catch (IOException e) {
      throw CommandException.refused(
          "the numbers in " + file + " cannot be kept: " + Problems.reason(e),
          "name a file in a directory that you may write to");
    }
  }

  private Optional<Numbers> load() throws IOException, CommandException {
    Optional<Numbers> before = storage.load();
    if (before.isEmpty() && Files.exists(file)) {
      throw CommandException.refused(
          file + " is damaged, so that nobody knows which numbers were used",
          "agree on a new ID Context with the server, and name a new file for it");
    }
    return before;
  }
}
