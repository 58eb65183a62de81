// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Problems;
import dev.countersign.client.hub.HubAddress;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.pairing.ManualCode;
import dev.countersign.protocol.pairing.PairingCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Codes as a person gives them: typed, pasted, in a file, in a picture. */
final class Codes {
  /** More than any text of a code with blanks around it. */
  private static final int MAX_TEXT_BYTES = 1024;

  private Codes() {}

  /** What pairs. */
  sealed interface Given {
    record Scanned(PairingCode code) implements Given {}

    record Typed(ManualCode code) implements Given {}
  }

  /** Reads {@code CS1:…}, ten digits, {@code @FILE}, {@code -} for stdin, or a picture's name. */
  static Given read(String given, InputStream in) throws CommandException {
    if (given.equals("-")) {
      return parse(text(in, "stdin"));
    }
    if (given.startsWith("@")) {
      Path file = Path.of(given.substring(1));
      try (InputStream content = Files.newInputStream(file)) {
        return parse(text(content, file.toString()));
      } catch (IOException e) {
        throw unreadable(file, e);
      }
    }
    return isCode(given) ? parse(given) : parse(QrReader.read(Path.of(given)));
  }

  private static boolean isCode(String given) {
    return given.toUpperCase(Locale.ROOT).strip().startsWith("CS1:")
        || given.replaceAll("[ -]", "").matches("[0-9]+");
  }

  private static String text(InputStream in, String name) throws CommandException {
    try {
      byte[] bytes = in.readNBytes(MAX_TEXT_BYTES + 1);
      if (bytes.length > MAX_TEXT_BYTES) {
        throw CommandException.refused(
            name + " is longer than a code", "a picture is given by its name, without @");
      }
      return new String(bytes, UTF_8).strip();
    } catch (IOException e) {
      throw CommandException.refused(
          "cannot read " + name + ": " + Problems.reason(e), "give a code in some other way");
    }
  }

  private static Given parse(String text) throws CommandException {
    try {
      return text.toUpperCase(Locale.ROOT).startsWith("CS1:")
          ? new Given.Scanned(PairingCode.parse(text))
          : new Given.Typed(ManualCode.parse(text));
    } catch (MalformedException e) {
      throw CommandException.refused(
          "this is no code of a hub: " + e.problem(),
          "it begins with CS1: and has 100 characters, or it is 10 digits");
    }
  }

  static HubAddress address(String text) throws CommandException {
    try {
      return HubAddress.parse(text);
    } catch (MalformedException e) {
      throw CommandException.usage("--address: " + e.problem(), "such as localhost:8443");
    }
  }

  static CommandException unreadable(Path file, IOException e) {
    return CommandException.refused(
        "cannot read " + file + ": " + Problems.reason(e), "name a file that you may read");
  }
}
