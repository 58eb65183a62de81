// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.device;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.remote.RemoteCommand;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.PrivateFile;
import dev.countersign.cli.terminal.Terminal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    description = {
      "Register every device of a CSV file, or none.",
      "Its first line names the columns: serial, and any of secret, model, credential, algorithm."
    })
public final class DeviceImport extends RemoteCommand {
  // Set before the command runs: the parameter is required.
  @SuppressWarnings("NullAway.Init")
  @Parameters(index = "0", paramLabel = "FILE.csv", description = "The devices.")
  private Path file;

  @Option(
      names = "--tokens-out",
      paramLabel = "FILE",
      description = {
        "Make a one-time enrolment token for each device and write them to a new file (CSV, mode"
            + " 0600)."
      })
  private Optional<Path> tokensOut = Optional.empty();

  public DeviceImport(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw CommandException.refused("cannot read " + file, "name a CSV file that you may read");
    }
    if (tokensOut.isEmpty()) {
      importDevices(client, output, Optional.empty());
    } else {
      // Before the request: tokens that nobody could write down would be lost.
      try (PrivateFile tokens = PrivateFile.create(tokensOut.get())) {
        importDevices(client, output, Optional.of(tokens));
      }
    }
  }

  private void importDevices(OperatorClient client, Output output, Optional<PrivateFile> tokens)
      throws CommandException {
    ApiPath path = ApiPath.of("devices", "import");
    SecretFile.exposureOfList(file).ifPresent(output.terminal()::warning);
    try (var answer = new ImportAnswer(output, tokens)) {
      client.upload(
          tokens.isPresent() ? path.with("tokens", true) : path, "text/csv", file, answer);
      answer.finish(file);
    }
  }
}
