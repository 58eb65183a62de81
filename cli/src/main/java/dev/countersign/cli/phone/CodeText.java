// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Problems;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.storage.DurableFile;
import dev.countersign.hub.qr.QrPicture;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.pairing.PairingCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Shows a code to who asked for it: the one place where a phone's commands open a secret. */
final class CodeText {
  private CodeText() {}

  /** As it is typed and scanned. */
  static String of(PairingCode code) {
    return code.text(SecretAccess.insecure());
  }

  /** As a picture in the terminal, and the text below it. */
  static void show(PairingCode code, Output output) throws CommandException {
    QrPicture picture = QrPicture.of(of(code));
    List<String> lines =
        isPlain(output.terminal()) ? picture.plainLines() : picture.colouredLines();
    for (String line : lines) {
      output.text(line);
    }
    output.text(of(code));
  }

  /** Colours, unless the environment is against them (no-color.org) or has none. */
  private static boolean isPlain(Terminal terminal) {
    return !terminal.environment().getOrDefault("NO_COLOR", "").isEmpty()
        || "dumb".equals(terminal.environment().get("TERM"));
  }

  /** As a picture to be printed (0600). */
  static void writeSvg(PairingCode code, Path file, String label) throws CommandException {
    try {
      DurableFile.replace(file, QrPicture.of(of(code)).svg(label).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw CommandException.refused(
          "cannot write " + file + ": " + Problems.reason(e),
          "name a file in a directory that you may write to and that has room");
    }
  }
}
