// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.administration;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.Json;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.remote.OperatorIdentity;
import dev.countersign.cli.remote.RemoteCommand;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.PrivateFile;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.Certificates;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "add",
    description = {
      "Let another person operate this server.",
      "The key is made here and never sent; the file is all that person needs."
    })
public final class OperatorAdd extends RemoteCommand {
  @Parameters(index = "0", paramLabel = "NAME", description = "The name in the audit log.")
  private String name = "";

  // Set before the command runs: the option is required.
  @SuppressWarnings("NullAway.Init")
  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The new identity file (PEM, mode 0600).")
  private Path out;

  public OperatorAdd(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected void run(OperatorClient client, Output output) throws CommandException {
    OperatorIdentity own = OperatorIdentity.read(identityFile());
    KeyPair keys = newKeys();
    try (PrivateFile file = PrivateFile.create(out)) {
      JsonNode answer =
          client.post(
              ApiPath.of("operators"),
              Json.object()
                  .put("name", name)
                  .put("csr", Base64.getEncoder().encodeToString(request(keys))));
      X509Certificate certificate = certificate(answer, "certificate");
      if (!certificate.getPublicKey().equals(keys.getPublic())) {
        throw CommandException.refused(
            "the server certified another key than the one made here",
            "remove this operator again: `countersign operator remove " + name + "`");
      }
      file.write(
          OperatorIdentity.insecureToPem(
              keys.getPrivate(), certificate, certificate(answer, "authority"), own.root()));
      file.keep();
      report(output, answer);
    }
  }

  private void report(Output output, JsonNode answer) throws CommandException {
    output.json(
        Json.object()
            .put("name", name)
            .put("identity", out.toString())
            .put("expiresAt", answer.path("expiresAt").asString("")));
    output.done("operator " + name + " added, until " + Printable.time(answer.path("expiresAt")));
    output.done("identity written to " + out + " (0600)");
    output.next("hand it over on a safe way, then delete it here");
    output.next("it is used like this: countersign status --server URL --identity " + out);
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has P-256", e);
    }
  }

  private static byte[] request(KeyPair keys) {
    try {
      return CertificateRequest.create(keys).der();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("a new P-256 key can sign", e);
    }
  }

  private static X509Certificate certificate(JsonNode answer, String field)
      throws CommandException {
    try {
      List<X509Certificate> found = Certificates.parsePem(answer.path(field).asString(""));
      if (found.size() == 1) {
        return found.getFirst();
      }
    } catch (MalformedException e) {
      // The same as none at all.
    }
    throw CommandException.refused(
        "the server's answer has no readable " + field,
        "use a command line and a server of the same version: `countersign --version`");
  }
}
