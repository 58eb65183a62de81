// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.remote;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Problems;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Pem;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Who an operator is, and which server is theirs: a private key, its certificate, the operator CA,
 * and the root that the server's certificate must come from.
 *
 * <p>The file is PEM in that order, the key as PKCS #8 (RFC 5958).
 *
 * <p><b>Security guarantees.</b> The context of {@link #sslContext} trusts exactly one root, that
 * of the file, and no certificate the machine or the JDK trusts. {@code toString} shows no key.
 */
public final class OperatorIdentity {
  /** A key and three certificates have about 4 KiB. */
  private static final long MAX_FILE_BYTES = 128 * 1024;

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  /** Any text; signed and verified to see whether two halves of a key belong together. */
  private static final byte[] PROBE = "Countersign operator".getBytes(US_ASCII);

  private static final Set<PosixFilePermission> OF_OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final PrivateKey key;
  private final X509Certificate certificate;
  private final X509Certificate authority;
  private final X509Certificate root;

  private OperatorIdentity(
      PrivateKey key,
      X509Certificate certificate,
      X509Certificate authority,
      X509Certificate root) {
    this.key = key;
    this.certificate = certificate;
    this.authority = authority;
    this.root = root;
  }

  /** Reads an identity file. */
  public static OperatorIdentity read(Path file) throws CommandException {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw notAnIdentity(file, "it has more than " + MAX_FILE_BYTES + " bytes");
      }
      return parse(file, Files.readString(file, US_ASCII));
    } catch (NoSuchFileException e) {
      throw CommandException.refused(
          "no operator identity at " + file,
          "name one with --identity FILE, or the server's data with --data DIR"
              + " (or COUNTERSIGN_DATA); `countersign init` makes both");
    } catch (IOException e) {
      throw CommandException.refused(
          "cannot read the operator identity " + file + ": " + Problems.reason(e),
          "run this as the user who owns the file, or name another with --identity FILE");
    }
  }

  private static OperatorIdentity parse(Path file, String pem) throws CommandException {
    Matcher block = KEY.matcher(pem);
    if (!block.find()) {
      throw notAnIdentity(file, "it has no PKCS #8 private key");
    }
    try {
      List<X509Certificate> certificates = Certificates.parsePem(pem);
      if (certificates.size() != 3) {
        throw notAnIdentity(
            file,
            "expected the operator's certificate, the operator CA and the root, got "
                + certificates.size()
                + " certificates");
      }
      X509Certificate certificate = certificates.get(0);
      PrivateKey key =
          KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
              .generatePrivate(
                  new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(block.group(1))));
      if (!belongTogether(key, certificate.getPublicKey())) {
        throw notAnIdentity(file, "its first certificate is for another key");
      }
      if (!isIssuedBy(certificate, certificates.get(1))) {
        throw notAnIdentity(file, "its second certificate did not issue the first");
      }
      return new OperatorIdentity(key, certificate, certificates.get(1), certificates.get(2));
    } catch (MalformedException | GeneralSecurityException | IllegalArgumentException e) {
      throw notAnIdentity(file, "its key or a certificate does not parse");
    }
  }

  private static CommandException notAnIdentity(Path file, String why) {
    return CommandException.refused(
        file + " is not an operator identity: " + why,
        "use the operator.pem that `countersign init` or `countersign operator add` wrote");
  }

  private static boolean belongTogether(PrivateKey key, PublicKey publicKey)
      throws GeneralSecurityException {
    String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(key);
    signer.update(PROBE);
    byte[] signature = signer.sign();
    signer.initVerify(publicKey);
    signer.update(PROBE);
    return signer.verify(signature);
  }

  /** Only so that a mixed-up file is named as such; it is the server that judges the chain. */
  private static boolean isIssuedBy(X509Certificate certificate, X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey());
      return certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** The text of an identity file. Holds the private key: write it nowhere but to such a file. */
  public static String insecureToPem(
      PrivateKey key,
      X509Certificate certificate,
      X509Certificate authority,
      X509Certificate root) {
    return Pem.block("PRIVATE KEY", key.getEncoded())
        + Certificates.toPem(certificate)
        + Certificates.toPem(authority)
        + Certificates.toPem(root);
  }

  /** A warning if others than its owner may read or change the file. */
  public static Optional<String> exposureOf(Path file) {
    try {
      var open = new ArrayList<>(Files.getPosixFilePermissions(file));
      open.retainAll(OF_OTHERS);
      return open.isEmpty()
          ? Optional.empty()
          : Optional.of(file + " holds a private key and is open to others: chmod 600 " + file);
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /** TLS 1.3 or 1.2 with this certificate, towards a server below this root. */
  public SSLContext sslContext() {
    try {
      char[] none = {};
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, none);
      keys.setKeyEntry("operator", key, none, new Certificate[] {certificate, authority});
      KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
      keyManagers.init(keys, none);

      KeyStore anchors = KeyStore.getInstance("PKCS12");
      anchors.load(null, none);
      anchors.setCertificateEntry("root", root);
      TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
      trustManagers.init(anchors);

      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError("every Java platform has PKCS #12 in memory and TLS", e);
    }
  }

  /** When the certificate ends, after which the server refuses it. */
  public Instant expiresAt() {
    return certificate.getNotAfter().toInstant();
  }

  /** The root that devices and operators trust. */
  public X509Certificate root() {
    return root;
  }
}
