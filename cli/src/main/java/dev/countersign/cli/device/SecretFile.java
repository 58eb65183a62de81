// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Problems;
import dev.countersign.cli.terminal.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/** A file in which somebody keeps the secret of a device. */
final class SecretFile {
  private static final int MAX_BYTES = 4096;

  private SecretFile() {}

  /** The text in it, without the end of its line; an editor adds one. */
  static String read(Path file, Terminal terminal) throws CommandException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw CommandException.refused(
            file + " is no secret: expected at most " + MAX_BYTES + " bytes",
            "name the file that holds the secret of this one device");
      }
      exposureOf(file).ifPresent(terminal::warning);
      String text = Files.readString(file, ISO_8859_1);
      return text.endsWith("\r\n")
          ? text.substring(0, text.length() - 2)
          : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    } catch (IOException e) {
      throw CommandException.refused(
          "cannot read " + file + ": " + Problems.reason(e),
          "name a file that you may read, with the secret as its only line");
    }
  }

  /** The same for a list of devices, if its first line names secrets. */
  static Optional<String> exposureOfList(Path file) {
    try (BufferedReader lines = Files.newBufferedReader(file, ISO_8859_1)) {
      String header = lines.readLine();
      return header != null && header.contains("secret") ? exposureOf(file) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // said when it is sent
    }
  }

  /** A warning, if other users of this machine can read the file. */
  static Optional<String> exposureOf(Path file) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      return permissions.contains(PosixFilePermission.GROUP_READ)
              || permissions.contains(PosixFilePermission.OTHERS_READ)
          ? Optional.of(
              file
                  + " can be read by other users of this machine; if it holds secrets, 'chmod 600"
                  + " "
                  + file
                  + "'")
          : Optional.empty();
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty(); // a file system without such permissions, or no file: said elsewhere
    }
  }
}
