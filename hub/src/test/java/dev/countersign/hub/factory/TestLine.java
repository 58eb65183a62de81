// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

import dev.countersign.hub.identity.HubIdentity;
import dev.countersign.hub.identity.HubIdentityFile;
import dev.countersign.pki.CertificateAuthority;
import dev.countersign.pki.DeviceName;
import dev.countersign.pki.KeyPolicy;
import dev.countersign.pki.ServerName;
import dev.countersign.pki.VerifiedRequest;
import dev.countersign.pki.key.KeyFileException;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.x509.CertificateRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/** A maker's root, and a production line whose clock a test sets. */
final class TestLine {
  static final SecureRandom RANDOM = new SecureRandom();
  static final Instant BEGIN = Instant.parse("2026-11-22T08:00:00Z");
  static final Instant UNTIL = Instant.parse("2027-02-19T23:59:59Z");
  static final ServerName.Dns DOMAIN = new ServerName.Dns("hub.countersign.invalid");

  final Path directory;
  final LineClock clock = new LineClock();
  final CertificateAuthority root;
  final SigningKey rootKey = SigningKey.generate(KeyKind.P384, RANDOM);
  private final StationMaker maker;

  /** Stands still until it is set. */
  static final class LineClock extends Clock {
    private Instant now = BEGIN;

    void set(Instant now) {
      this.now = now;
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  TestLine(Path directory) {
    this.directory = directory;
    this.root =
        CertificateAuthority.createRoot("Maker Root", "Maker & Söhne", rootKey, BEGIN, RANDOM);
    try {
      this.maker = new StationMaker(root.certificate(), rootKey, RANDOM);
    } catch (KeyFileException e) {
      throw new AssertionError(e);
    }
  }

  /** Makes a station, and opens it. */
  Station station(String name, int hubs) throws IOException, StationRefusedException {
    make(name, hubs);
    return open(name);
  }

  Quota make(String name, int hubs) throws IOException {
    return maker.make(
        path(name),
        new StationMaker.Request(name, hubs, UNTIL, DOMAIN, DeviceName.EXAMPLE_ENTERPRISE_NUMBER),
        BEGIN);
  }

  Station open(String name) throws IOException, StationRefusedException {
    return Station.open(path(name), clock, RANDOM);
  }

  Path path(String name) {
    return directory.resolve(name);
  }

  /** What the command does, to its end. */
  Provisioned provision(Station station, String state) throws IOException, StationRefusedException {
    try (Provisioning provisioning = Provisioning.of(path(state), station, RANDOM)) {
      Provisioned made = provisioning.provision(Optional.empty(), Optional.empty());
      provisioning.finish();
      return made;
    }
  }

  Provisioned replaceKey(Station station, String state)
      throws IOException, StationRefusedException {
    try (Provisioning provisioning = Provisioning.of(path(state), station, RANDOM)) {
      Provisioned made = provisioning.replaceKey();
      provisioning.finish();
      return made;
    }
  }

  HubIdentity identity(String state) throws IOException {
    return new HubIdentityFile(path(state)).load().orElseThrow();
  }

  /** What a line does that makes keys elsewhere. */
  void putKey(String state, SigningKey key) {
    try {
      Files.createDirectories(path(state));
      Files.writeString(path(state).resolve("hub.key"), key.toPem());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SigningKey key() {
    return SigningKey.generate(KeyKind.P256, RANDOM);
  }

  static VerifiedRequest request(SigningKey key) {
    try {
      return VerifiedRequest.verify(
          CertificateRequest.create(new KeyPair(key.publicKey(), key.privateKey())),
          KeyPolicy.standard());
    } catch (GeneralSecurityException | ProtocolException e) {
      throw new AssertionError(e);
    }
  }
}
