// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.installation;

import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.Pem;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.server.tls.ServerCredential;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The server's own key and certificate on disk. Key and chain are one file, so that a crash between
 * two writes cannot leave a key with another's certificate.
 */
public final class ServerCertificate {
  private final DataDirectory directory;
  private final Authorities authorities;
  private final List<String> hostnames;
  private final SecureRandom random;

  ServerCertificate(
      DataDirectory directory,
      Authorities authorities,
      List<String> hostnames,
      SecureRandom random) {
    this.directory = directory;
    this.authorities = authorities;
    this.hostnames = List.copyOf(hostnames);
    this.random = random;
  }

  /** What is on disk. */
  public ServerCredential load() throws IOException {
    String pem = Files.readString(directory.serverChain());
    try {
      SigningKey key = SigningKey.parsePem(pem);
      List<X509Certificate> chain = Certificates.parsePem(pem);
      if (chain.isEmpty() || !chain.getFirst().getPublicKey().equals(key.publicKey())) {
        throw new IOException(
            directory.serverChain()
                + ": key and certificate do not belong together; delete the"
                + " file, and the next start makes a new one");
      }
      return new ServerCredential(key.privateKey(), chain);
    } catch (ProtocolException e) {
      throw new IOException(directory.serverChain() + ": " + e.getMessage(), e);
    }
  }

  /** Whether there is one on disk. */
  public boolean exists() {
    return Files.exists(directory.serverChain());
  }

  /** Makes a new key and certificate. The caller enters it in the ledger, then stores it. */
  public ServerCredential issue(Instant now) throws IOException {
    return authorities.issueServer(hostnames, now, random);
  }

  /** Writes a key and certificate in place of those before. */
  public void store(ServerCredential fresh) throws IOException {
    var pem = new StringBuilder(Pem.block("PRIVATE KEY", fresh.key().getEncoded()));
    fresh.chain().forEach(certificate -> pem.append(Certificates.toPem(certificate)));
    PrivateFiles.write(directory.serverChain(), pem.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** Whether two thirds of its life are over. */
  public static boolean isDue(ServerCredential current, Instant now) {
    Instant begins = current.leaf().getNotBefore().toInstant();
    Instant ends = current.leaf().getNotAfter().toInstant();
    Instant due = begins.plus(Duration.between(begins, ends).multipliedBy(2).dividedBy(3));
    return !now.isBefore(due);
  }
}
