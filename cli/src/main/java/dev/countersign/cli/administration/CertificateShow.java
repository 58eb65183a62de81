// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.administration;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.remote.RemoteCommand;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Output.Field;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "show", description = "Show a certificate, as the ledger has it and as PEM.")
public final class CertificateShow extends RemoteCommand {
  @Parameters(index = "0", paramLabel = "ID", description = "Its number in `certificate list`.")
  private long id;

  public CertificateShow(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    JsonNode certificate = client.get(ApiPath.of("certificates", Long.toString(id)));
    output.json(certificate);
    if (output.isJson()) {
      return;
    }
    output.text("certificate " + id);
    var fields = new ArrayList<Field>();
    for (String name : List.of("kind", "subject", "issuer", "state")) {
      fields.add(new Field(name, Printable.value(certificate.path(name))));
    }
    fields.add(new Field("serial number", Printable.value(certificate.path("serialNumber"))));
    fields.add(new Field("SHA-256", Printable.value(certificate.path("sha256"))));
    fields.add(new Field("key SHA-256", Printable.value(certificate.path("keySha256"))));
    fields.add(new Field("begins", Printable.time(certificate.path("notBefore"))));
    fields.add(new Field("ends", Printable.time(certificate.path("notAfter"))));
    fields.add(new Field("issued", Printable.time(certificate.path("issuedAt"))));
    if (certificate.path("revokedAt").isString()) {
      fields.add(
          new Field(
              "revoked",
              Printable.time(certificate.path("revokedAt"))
                  + ", "
                  + Printable.value(certificate.path("revocationReason"))));
    }
    output.fields(fields);
    for (String line : certificate.path("pem").asString("").split("\n", -1)) {
      if (!line.isBlank()) {
        output.text(Printable.text(line));
      }
    }
  }
}
