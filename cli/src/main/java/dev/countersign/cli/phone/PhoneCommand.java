// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.ExitCode;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Problems;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.PhoneClient;
import dev.countersign.client.pairing.FilePhoneStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** A command of a phone, which is a directory. */
abstract class PhoneCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      required = true,
      description = "What this phone must not forget: its keys and its hubs.")
  private Path state = Path.of("");

  @Option(names = "--json", description = "Print JSON, one object a line.")
  private boolean json;

  PhoneCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public final Integer call() throws CommandException {
    run(new Output(terminal, json));
    return ExitCode.DONE.number();
  }

  abstract void run(Output output) throws CommandException;

  final Terminal terminal() {
    return terminal;
  }

  final Path state() {
    return state;
  }

  /** A command for the same phone, as one could type it. */
  final String command(String words) {
    return "`countersign phone " + words + " --state " + state + "`";
  }

  /** The phone, which must have been used before. */
  final PhoneClient phone() throws CommandException {
    if (!Files.isDirectory(state)) {
      throw CommandException.refused(
          state + " is no phone: no such directory", command("pair CODE --name N") + " makes one");
    }
    try {
      return PhoneClient.of(new FilePhoneStorage(state));
    } catch (IOException e) {
      throw cannotRead(e);
    }
  }

  final CommandException cannotRead(IOException e) {
    return CommandException.refused(
        "cannot use the phone in " + state + ": " + Problems.reason(e),
        "name a directory that you may read and write");
  }
}
