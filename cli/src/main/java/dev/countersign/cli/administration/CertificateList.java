// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.administration;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.remote.RemoteCommand;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.HumanDuration;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Table;
import dev.countersign.cli.terminal.Terminal;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "list", description = "List the certificates ever issued, the oldest first.")
public final class CertificateList extends RemoteCommand {
  @Option(
      names = "--expiring",
      paramLabel = "DURATION",
      description = "Only those in use that end within, for example, 30d.")
  private Optional<Duration> expiring = Optional.empty();

  @Option(
      names = "--subject",
      paramLabel = "NAME",
      description = "Only those of this device, operator or authority.")
  private Optional<String> subject = Optional.empty();

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "Only those that are ${COMPLETION-CANDIDATES}.")
  private Optional<State> state = Optional.empty();

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "Only those of a ${COMPLETION-CANDIDATES}.")
  private Optional<Kind> kind = Optional.empty();

  public CertificateList(Terminal terminal) {
    super(terminal);
  }

  /** Named as on the command line and in the operator API. */
  enum State {
    issued,
    active,
    retired,
    revoked
  }

  /** Named as on the command line and in the operator API. */
  enum Kind {
    device,
    server,
    operator,
    authority
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    ApiPath path =
        ApiPath.of("certificates")
            .with("expiring", expiring.map(HumanDuration::iso))
            .with("subject", subject)
            .with("state", state)
            .with("kind", kind);
    try (Table table = output.table("ID", "KIND", "SUBJECT", "STATE", "ENDS", "SHA-256")) {
      client.pages(
          path,
          "id",
          certificate -> {
            output.json(certificate);
            if (!output.isJson()) {
              table.row(
                  Printable.value(certificate.path("id")),
                  Printable.value(certificate.path("kind")),
                  Printable.value(certificate.path("subject")),
                  Printable.value(certificate.path("state")),
                  Printable.time(certificate.path("notAfter")),
                  Printable.value(certificate.path("sha256")));
            }
          });
      if (table.rows() == 0) {
        output.text("no such certificates");
      }
    }
  }
}
