// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.hub.factory;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Problems;
import dev.countersign.client.storage.StateDirectory;
import dev.countersign.hub.factory.StationRefusedException;
import dev.countersign.pki.ServerName;
import java.io.IOException;
import java.nio.file.FileSystemException;

/** What a person is told when the factory step fails: a line of cause, a line of what to do. */
final class FactoryProblems {
  private FactoryProblems() {}

  static CommandException of(StationRefusedException e) {
    return CommandException.refused(String.valueOf(e.getMessage()), e.advice());
  }

  /** Messages of the hub are "cause; remedy". */
  static CommandException of(IOException e) {
    if (e instanceof StateDirectory.InUseException) {
      return CommandException.refused(
          String.valueOf(e.getMessage()), "stop the hub that runs there, and repeat");
    }
    if (e instanceof FileSystemException file) {
      return CommandException.refused(
          file.getFile() + ": " + Problems.reason(e),
          "check that path, its permissions, and the room on its disk");
    }
    String message = String.valueOf(e.getMessage());
    int remedy = message.indexOf("; ");
    return remedy < 0
        ? CommandException.refused(message, "check the path, its permissions, and its disk")
        : CommandException.refused(message.substring(0, remedy), message.substring(remedy + 2));
  }

  /** A domain as a person writes it. */
  static ServerName.Dns domain(String text) throws CommandException {
    try {
      return new ServerName.Dns(text);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(
          "--domain: " + e.getMessage(),
          "nothing has to resolve it; the usual one ends in .invalid");
    }
  }
}
