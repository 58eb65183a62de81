// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import dev.countersign.pki.CertificateAuthority;
import dev.countersign.pki.DeviceName;
import dev.countersign.pki.DeviceValidity;
import dev.countersign.pki.KeyPolicy;
import dev.countersign.pki.VerifiedRequest;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.server.installation.Authorities;
import dev.countersign.server.installation.DataDirectory;
import dev.countersign.server.installation.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Fills the registry of an installation that no server has open: devices in use, each with one
 * certificate in the ledger. Every so many of them is real, with a key of its own, and written out
 * as well; the certificates of the others are copies of a real one with other serial numbers, as
 * large as a real one and never looked at.
 *
 * <p>Arguments: the data directory, how many devices, how many real ones, and where to write those.
 */
public final class FleetWriter {
  private static final String ADD_DEVICE =
      """
      INSERT INTO device (serial, model, status, has_clock, level, minimum_level, enrolment_epoch,
        added_at) VALUES (?, 'bench-1', 'active', 1, 4, 4, 1, ?)
      """;
  private static final String ADD_CERTIFICATE =
      """
      INSERT INTO certificate (kind, subject, issuer, fingerprint, key_hash, serial_number,
        not_before, not_after, issued_at, state, der)
        VALUES ('device', ?, ?, ?, ?, ?, ?, ?, ?, 'active', ?)
      """;
  private static final int DEVICES_PER_BATCH = 10_000;
  private static final int SERIAL_NUMBER_BYTES = 16;
  private static final long SEED = 20_260_101;

  private final SecureRandom random = new SecureRandom();
  private final SplittableRandom mixed = new SplittableRandom(SEED);
  private final CertificateAuthority authority;
  private final Path identities;
  private final Instant now;

  private FleetWriter(CertificateAuthority authority, Path identities, Instant now) {
    this.authority = authority;
    this.identities = identities;
    this.now = now;
  }

  public static void main(String[] args) throws Exception {
    var directory = new DataDirectory(Path.of(args[0]));
    int devices = Integer.parseInt(args[1]);
    int real = Integer.parseInt(args[2]);
    Path identities = Files.createDirectories(Path.of(args[3]));
    Authorities authorities =
        Installation.open(directory, List.of(), new SecureRandom()).authorities();
    var writer = new FleetWriter(authorities.device(), identities, Clock.systemUTC().instant());
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.registry())) {
      writer.fill(connection, devices, real);
    }
  }

  private void fill(Connection connection, int devices, int real) throws Exception {
    try (var settings = connection.createStatement()) {
      settings.execute("PRAGMA synchronous = OFF");
      settings.execute("PRAGMA cache_size = -1000000"); // KiB: indices are filled at random places
    }
    connection.setAutoCommit(false);
    byte[] template =
        Certificates.der(issue("TEMPLATE", SigningKey.generate(KeyKind.P256, random)));
    int every = Math.max(1, devices / real);
    try (var addDevice = connection.prepareStatement(ADD_DEVICE);
        var addCertificate = connection.prepareStatement(ADD_CERTIFICATE)) {
      for (int i = 0; i < devices; i++) {
        String serial = "B%08d".formatted(i);
        addDevice.setString(1, serial);
        addDevice.setLong(2, now.toEpochMilli());
        addDevice.addBatch();
        add(addCertificate, serial, i % every == 0 ? real(serial) : copy(template));
        if ((i + 1) % DEVICES_PER_BATCH == 0) {
          addDevice.executeBatch();
          addCertificate.executeBatch();
        }
      }
      addDevice.executeBatch();
      addCertificate.executeBatch();
    }
    connection.commit();
  }

  private byte[] real(String serial)
      throws GeneralSecurityException, ProtocolException, IOException {
    var key = SigningKey.generate(KeyKind.P256, random);
    X509Certificate certificate = issue(serial, key);
    Files.writeString(identities.resolve(serial + ".key"), key.toPem());
    Files.writeString(identities.resolve(serial + ".pem"), Certificates.toPem(certificate));
    return Certificates.der(certificate);
  }

  private X509Certificate issue(String serial, SigningKey key)
      throws GeneralSecurityException, ProtocolException {
    var request = CertificateRequest.create(new KeyPair(key.publicKey(), key.privateKey()));
    return authority.issueDevice(
        VerifiedRequest.verify(request, KeyPolicy.standard()),
        new DeviceName("Benchmark", DeviceName.EXAMPLE_ENTERPRISE_NUMBER, new DeviceSerial(serial)),
        DeviceValidity.RENEWED,
        now);
  }

  /** With other bytes in the middle of the signature, at the end. */
  private byte[] copy(byte[] template) {
    byte[] copy = template.clone();
    for (int i = 1; i <= SERIAL_NUMBER_BYTES; i++) {
      copy[copy.length - i] = (byte) mixed.nextInt();
    }
    return copy;
  }

  private void add(PreparedStatement statement, String serial, byte[] der) throws SQLException {
    Sha256 fingerprint = Sha256.of(der);
    statement.setString(1, serial);
    statement.setString(2, Authorities.DEVICE);
    statement.setBytes(3, fingerprint.bytes());
    statement.setBytes(4, Sha256.of(fingerprint.bytes()).bytes());
    statement.setString(5, HexFormat.of().toHexDigits(mixed.nextLong()));
    statement.setLong(6, now.toEpochMilli());
    statement.setLong(7, now.plus(Duration.ofDays(90)).toEpochMilli());
    statement.setLong(8, now.toEpochMilli());
    statement.setBytes(9, der);
    statement.addBatch();
  }
}
