// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.installation;

import dev.countersign.pki.CertificateAuthority;
import dev.countersign.pki.NameNotPermittedException;
import dev.countersign.pki.ServerName;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.server.tls.ServerCredential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The authorities of an installation as a running server has them: the root as a certificate alone,
 * the issuing ones with their keys.
 *
 * @param root what devices trust; its key is offline
 * @param device issues to devices
 * @param hub certified for hubs
 * @param server issues to this server
 * @param operator the operators' own root
 */
public record Authorities(
    X509Certificate root,
    CertificateAuthority device,
    X509Certificate hub,
    CertificateAuthority server,
    CertificateAuthority operator) {
  public static final String ROOT = "root";
  public static final String DEVICE = "device-ca";
  public static final String HUB = "hub-ca";
  public static final String SERVER = "server-ca";
  public static final String OPERATOR = "operator-ca";

  /** Reads them from disk; each key must be the one of its certificate. */
  static Authorities load(DataDirectory directory, SecureRandom random) throws IOException {
    try {
      return new Authorities(
          certificate(directory.authority(ROOT)),
          authority(directory, DEVICE, random),
          certificate(directory.authority(HUB)),
          authority(directory, SERVER, random),
          authority(directory, OPERATOR, random));
    } catch (ProtocolException e) {
      throw new IOException(
          directory.path() + ": " + e.getMessage() + "; restore ca/ and keys/ from a backup", e);
    }
  }

  private static CertificateAuthority authority(
      DataDirectory directory, String name, SecureRandom random)
      throws IOException, ProtocolException {
    return new CertificateAuthority(
        certificate(directory.authority(name)),
        SigningKey.parsePem(Files.readString(directory.key(name))),
        random);
  }

  private static X509Certificate certificate(Path file) throws IOException, MalformedException {
    List<X509Certificate> found = Certificates.parsePem(Files.readString(file));
    if (found.size() != 1) {
      throw new MalformedException(
          file.toString(), "expected one certificate, got " + found.size());
    }
    return found.getFirst();
  }

  /** Every authority by the name the ledger and {@code /ca/{name}.cer} use. */
  public Map<String, X509Certificate> certificates() {
    Map<String, X509Certificate> all = new LinkedHashMap<>();
    all.put(ROOT, root);
    all.put(DEVICE, device.certificate());
    all.put(HUB, hub);
    all.put(SERVER, server.certificate());
    all.put(OPERATOR, operator.certificate());
    return all;
  }

  /** What {@code cacerts} answers: the root, and the authorities under it that devices meet. */
  public List<X509Certificate> deviceTrust() {
    return List.of(root, device.certificate(), server.certificate());
  }

  /**
   * Makes a new key and certificate for the server.
   *
   * @throws IOException if the server CA may not certify one of the names
   */
  ServerCredential issueServer(List<String> hostnames, Instant at, SecureRandom random)
      throws IOException {
    SigningKey key = SigningKey.generate(KeyKind.P256, random);
    try {
      X509Certificate leaf = server.issueServer(key.publicKey(), serverNames(hostnames), at);
      return new ServerCredential(key.privateKey(), List.of(leaf, server.certificate(), root));
    } catch (NameNotPermittedException e) {
      throw new IOException(
          "hostnames: " + e.getMessage() + "; the server CA was limited to its names by init", e);
    }
  }

  /** Local names always; then what was configured. */
  static List<ServerName> serverNames(List<String> hostnames) throws IOException {
    Set<ServerName> names = new LinkedHashSet<>();
    try {
      for (String local : List.of("localhost", "127.0.0.1", "::1")) {
        names.add(ServerName.parse(local));
      }
      for (String hostname : hostnames) {
        names.add(ServerName.parse(hostname));
      }
    } catch (MalformedException e) {
      throw new IOException("hostnames: " + e.getMessage(), e);
    }
    return List.copyOf(names);
  }
}
