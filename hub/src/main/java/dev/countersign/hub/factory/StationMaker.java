// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.client.storage.DurableFile;
import dev.countersign.client.storage.StateDirectory;
import dev.countersign.pki.AuthorityProfile;
import dev.countersign.pki.CertificateAuthority;
import dev.countersign.pki.DeviceName;
import dev.countersign.pki.ServerName;
import dev.countersign.pki.key.KeyFileException;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.stream.Stream;

/**
 * Makes stations, on the machine that has the maker's root: a new authority for one line, limited
 * in names and time by its certificate, and in number by a quota that the root signs.
 */
public final class StationMaker {
  /** Factory authorities of a line live as long (docs/protocol.md, Certificates). */
  public static final Duration USUAL_LIFE = Duration.ofDays(90);

  private static final int ID_BYTES = 8;

  private final CertificateAuthority root;
  private final SigningKey rootKey;
  private final SecureRandom random;

  /**
   * What a line shall make.
   *
   * @param name what people call it
   * @param hubs how many
   * @param until its end, to the second
   * @param domain where its hubs have their names
   * @param enterpriseNumber the maker's number at IANA, or {@link
   *     DeviceName#EXAMPLE_ENTERPRISE_NUMBER}
   */
  public record Request(
      String name, int hubs, Instant until, ServerName.Dns domain, long enterpriseNumber) {}

  /**
   * A maker's root with its key.
   *
   * @throws KeyFileException if the key is not the root's
   */
  public StationMaker(X509Certificate root, SigningKey rootKey, SecureRandom random)
      throws KeyFileException {
    this.root = new CertificateAuthority(root, rootKey, random);
    this.rootKey = rootKey;
    this.random = random;
  }

  /**
   * Makes a station's directory, whole or not at all.
   *
   * @param target where nothing is; for its owner alone
   * @throws IOException if something is there
   * @throws IllegalArgumentException if the request is out of its limits; the message says which
   */
  public Quota make(Path target, Request request, Instant at) throws IOException {
    if (Files.exists(target)) {
      throw new IOException(
          target + " exists already; a station is made once, choose another directory");
    }
    Path absolute = target.toAbsolutePath();
    Path draft =
        absolute.resolveSibling(
            "." + absolute.getFileName() + ".new-" + Long.toHexString(random.nextLong()));
    try {
      Quota quota = fill(draft, request, at);
      Files.move(draft, absolute);
      DurableFile.syncDirectoryOf(absolute);
      return quota;
    } finally {
      deleteTree(draft);
    }
  }

  private Quota fill(Path directory, Request request, Instant at) throws IOException {
    SigningKey key = SigningKey.generate(KeyKind.P256, random);
    var id = new byte[ID_BYTES];
    random.nextBytes(id);
    String station = HexFormat.of().formatHex(id);
    var quota =
        new Quota(
            station,
            request.name(),
            request.hubs(),
            request.until(),
            request.domain(),
            root.organization(),
            request.enterpriseNumber(),
            Sha256.of(key.publicKey().getEncoded()));
    X509Certificate certificate =
        root.issueAuthority(
            new AuthorityProfile.HubAuthority(request.domain()),
            key.publicKey(),
            "Hub CA " + request.name() + " " + station,
            at,
            request.until());
    StateDirectory.make(directory);
    var files = new StationFiles(directory);
    DurableFile.replace(files.key(), key.toPem().getBytes(US_ASCII));
    DurableFile.replace(
        files.chain(),
        (Certificates.toPem(certificate) + Certificates.toPem(root.certificate()))
            .getBytes(US_ASCII));
    byte[] signed = SignedQuota.sign(quota, rootKey, random);
    DurableFile.replace(files.quota(), signed);
    Ledger.create(directory, Sha256.of(signed));
    return quota;
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
