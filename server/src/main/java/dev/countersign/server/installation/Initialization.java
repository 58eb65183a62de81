// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.installation;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.pki.AuthorityProfile;
import dev.countersign.pki.CertificateAuthority;
import dev.countersign.pki.ServerName;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.server.audit.AuditEvent;
import dev.countersign.server.audit.JdbcAuditLog;
import dev.countersign.server.database.SqliteDatabase;
import dev.countersign.server.ledger.CertificateKind;
import dev.countersign.server.ledger.CertificateState;
import dev.countersign.server.ledger.JdbcCertificateLedger;
import dev.countersign.server.ledger.NewCertificate;
import dev.countersign.server.operators.JdbcOperators;
import dev.countersign.server.operators.OperatorAccounts;
import dev.countersign.server.tls.ServerCredential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes an installation, whole or not at all: everything is written beside the place where it shall
 * be, and moved there in one step.
 */
public final class Initialization {
  /** The operator who holds {@code operator.pem}. */
  public static final String FIRST_OPERATOR = "admin";

  /** Where hubs have their names unless a maker wants another domain. */
  public static final String DEFAULT_HUB_DOMAIN = "hub.countersign.invalid";

  private static final int KEY_ENCRYPTION_KEY_BYTES = 32;

  private final Request request;
  private final Clock clock;
  private final SecureRandom random;

  /**
   * What is wanted.
   *
   * @param organization the O of every certificate
   * @param hostnames names of this server, besides localhost
   * @param hubDomain the domain that hub certificates are limited to
   */
  public record Request(String organization, List<String> hostnames, String hubDomain) {
    public Request {
      hostnames = List.copyOf(hostnames);
    }
  }

  /**
   * What was made.
   *
   * @param rootFingerprint what a device compares, SHA-256 of the root certificate
   */
  public record Result(
      DataDirectory directory, Sha256 rootFingerprint, Map<String, X509Certificate> authorities) {}

  public Initialization(Request request, Clock clock, SecureRandom random) {
    this.request = request;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Makes the installation.
   *
   * @param target a path where nothing is, or an empty directory
   * @param rootPassphrase encrypts the root's key
   * @throws IOException if something is there, or a name is wrong; then nothing is left behind
   */
  public Result run(Path target, char[] rootPassphrase) throws IOException {
    List<ServerName> names = Authorities.serverNames(request.hostnames());
    requireAbsent(target);
    Path absolute = target.toAbsolutePath();
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new IOException(target + ": expected a directory below the root of the file system");
    }
    Files.createDirectories(parent);
    Path draft =
        parent.resolve(
            "." + absolute.getFileName() + ".init-" + Long.toHexString(random.nextLong()));
    try {
      DataDirectory directory = new DataDirectory(draft);
      Authorities authorities = make(directory, names, rootPassphrase);
      Files.deleteIfExists(target); // an empty directory, as checked
      Files.move(draft, absolute);
      return new Result(
          new DataDirectory(target),
          Certificates.fingerprint(authorities.root()),
          authorities.certificates());
    } finally {
      deleteTree(draft);
    }
  }

  private static void requireAbsent(Path target) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    if (!Files.isDirectory(target)) {
      throw new IOException(target + " is a file; choose another --data");
    }
    try (Stream<Path> content = Files.list(target)) {
      if (content.findAny().isPresent()) {
        throw new IOException(
            target
                + " is not empty, and nothing there is overwritten; choose another --data, or"
                + " 'countersign serve --data "
                + target
                + "' if it is an installation");
      }
    }
  }

  private Authorities make(DataDirectory directory, List<ServerName> names, char[] rootPassphrase)
      throws IOException {
    PrivateFiles.directory(directory.path());
    PrivateFiles.directory(directory.keys());
    PrivateFiles.directory(directory.offline());
    Files.createDirectory(directory.authorities());
    Instant now = clock.instant();
    Authorities authorities = makeAuthorities(directory, names, rootPassphrase, now);
    var kek = new byte[KEY_ENCRYPTION_KEY_BYTES];
    random.nextBytes(kek);
    PrivateFiles.write(directory.keyEncryptionKey(), kek);
    var serverCertificate =
        new ServerCertificate(directory, authorities, request.hostnames(), random);
    ServerCredential server = serverCertificate.issue(now);
    serverCertificate.store(server);
    PrivateFiles.writePublic(
        directory.root(), Certificates.toPem(authorities.root()).getBytes(US_ASCII));
    PrivateFiles.writePublic(directory.config(), ConfigTemplate.render(request).getBytes(UTF_8));
    fillRegistry(directory, authorities, server.leaf(), now);
    PrivateFiles.writePublic(directory.layout(), (DataDirectory.LAYOUT + "\n").getBytes(US_ASCII));
    return authorities;
  }

  private Authorities makeAuthorities(
      DataDirectory directory, List<ServerName> names, char[] rootPassphrase, Instant now)
      throws IOException {
    SigningKey rootKey = SigningKey.generate(KeyKind.P384, random);
    CertificateAuthority root =
        CertificateAuthority.createRoot(
            "Countersign root", request.organization(), rootKey, now, random);
    PrivateFiles.write(
        directory.offlineRootKey(),
        rootKey.toEncryptedPem(rootPassphrase, random).getBytes(US_ASCII));
    writeCertificate(directory, Authorities.ROOT, root.certificate());

    SigningKey operatorKey = SigningKey.generate(KeyKind.P256, random);
    CertificateAuthority operator =
        CertificateAuthority.createOperatorRoot(
            "Operator CA", request.organization(), operatorKey, now, random);
    writeKey(directory, Authorities.OPERATOR, operatorKey);
    writeCertificate(directory, Authorities.OPERATOR, operator.certificate());

    CertificateAuthority device =
        issuing(
            directory,
            root,
            Authorities.DEVICE,
            "Device CA",
            new AuthorityProfile.DeviceAuthority(),
            now);
    CertificateAuthority hub =
        issuing(
            directory,
            root,
            Authorities.HUB,
            "Hub CA",
            new AuthorityProfile.HubAuthority(hubDomain()),
            now);
    CertificateAuthority server =
        issuing(
            directory,
            root,
            Authorities.SERVER,
            "Server CA",
            new AuthorityProfile.ServerAuthority(names),
            now);
    return new Authorities(root.certificate(), device, hub.certificate(), server, operator);
  }

  private ServerName.Dns hubDomain() throws IOException {
    try {
      return new ServerName.Dns(request.hubDomain());
    } catch (IllegalArgumentException e) {
      throw new IOException("hub domain: " + e.getMessage(), e);
    }
  }

  private CertificateAuthority issuing(
      DataDirectory directory,
      CertificateAuthority root,
      String name,
      String commonName,
      AuthorityProfile profile,
      Instant now)
      throws IOException {
    SigningKey key = SigningKey.generate(KeyKind.P256, random);
    X509Certificate certificate = root.issueAuthority(profile, key.publicKey(), commonName, now);
    writeKey(directory, name, key);
    writeCertificate(directory, name, certificate);
    try {
      return new CertificateAuthority(certificate, key, random);
    } catch (ProtocolException e) {
      throw new AssertionError("the key is the certificate's own", e);
    }
  }

  private static void writeKey(DataDirectory directory, String name, SigningKey key)
      throws IOException {
    PrivateFiles.write(directory.key(name), key.toPem().getBytes(US_ASCII));
  }

  private static void writeCertificate(
      DataDirectory directory, String name, X509Certificate certificate) throws IOException {
    PrivateFiles.writePublic(
        directory.authority(name), Certificates.toPem(certificate).getBytes(US_ASCII));
  }

  /** The ledger knows every certificate from the first on, and the log says who began. */
  private void fillRegistry(
      DataDirectory directory, Authorities authorities, X509Certificate server, Instant now)
      throws IOException {
    try (var database = SqliteDatabase.open(directory.registry())) {
      var ledger = new JdbcCertificateLedger();
      var audit = new JdbcAuditLog();
      database.write(tx -> {
        authorities
            .certificates()
            .forEach((name, certificate) ->
                ledger.add(
                    tx,
                    new NewCertificate(
                        CertificateKind.AUTHORITY, name, certificate, now, issuerOf(name)),
                    CertificateState.ACTIVE));
        ledger.add(
            tx,
            new NewCertificate(CertificateKind.SERVER, "server", server, now, Authorities.SERVER),
            CertificateState.ACTIVE);
        audit.append(
            tx,
            now,
            "init",
            new AuditEvent.Initialized(
                request.organization(), Certificates.fingerprint(authorities.root())));
        return null;
      });
      var accounts =
          new OperatorAccounts(
              database, new JdbcOperators(), ledger, audit, authorities.operator(), clock);
      writeOperator(directory, authorities, accounts);
    }
  }

  private static String issuerOf(String authority) {
    return authority.equals(Authorities.OPERATOR) ? Authorities.OPERATOR : Authorities.ROOT;
  }

  /** Key, certificate, operators' CA, and the root by which the server is verified. */
  private void writeOperator(
      DataDirectory directory, Authorities authorities, OperatorAccounts accounts)
      throws IOException {
    SigningKey key = SigningKey.generate(KeyKind.P256, random);
    try {
      byte[] csr = CertificateRequest.create(new KeyPair(key.publicKey(), key.privateKey())).der();
      X509Certificate certificate =
          accounts
              .add(FIRST_OPERATOR, csr, "init")
              .orElseThrow(() -> new AssertionError("a new registry has no operators"));
      String identity =
          key.toPem()
              + Certificates.toPem(certificate)
              + Certificates.toPem(authorities.operator().certificate())
              + Certificates.toPem(authorities.root());
      PrivateFiles.write(directory.operatorIdentity(), identity.getBytes(US_ASCII));
    } catch (MalformedException e) {
      throw new AssertionError("our own request is well-formed", e);
    } catch (ProtocolException | GeneralSecurityException e) {
      throw new IOException("the first operator's identity could not be made", e);
    }
  }

  private static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) tree.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    }
  }
}
