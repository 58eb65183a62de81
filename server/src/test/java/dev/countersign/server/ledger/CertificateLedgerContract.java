// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.database.Transaction;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link CertificateLedger} does. */
abstract class CertificateLedgerContract {
  private static final Instant NOW = Instant.parse("2026-11-21T20:30:00Z");

  /** RFC 5280 §4.1.2.5: has no well-defined expiration date. */
  private static final Instant NEVER = Instant.parse("9999-12-31T23:59:59Z");

  private static KeyPair key;
  private static KeyPair otherKey;

  private Database database;
  private CertificateLedger ledger;
  private int serialNumber = 0xabc0;

  abstract Database database();

  abstract CertificateLedger ledger();

  @BeforeAll
  static void makeKeys() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    key = generator.generateKeyPair();
    otherKey = generator.generateKeyPair();
  }

  @BeforeEach
  void open() {
    database = database();
    ledger = ledger();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private X509Certificate certificate(KeyPair subjectKey, Instant notAfter) {
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              new X500Principal("CN=issuer"),
              BigInteger.valueOf(++serialNumber),
              Date.from(NOW),
              Date.from(notAfter),
              new X500Principal("CN=subject"),
              subjectKey.getPublic());
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (OperatorCreationException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private IssuedCertificate add(CertificateKind kind, String subject, Instant notAfter) {
    return add(kind, subject, certificate(key, notAfter));
  }

  private IssuedCertificate add(CertificateKind kind, String subject, X509Certificate certificate) {
    var added = new NewCertificate(kind, subject, certificate, NOW, "device-ca");
    return database.<IssuedCertificate, RuntimeException>write(
        tx -> ledger.add(tx, added, CertificateState.ISSUED));
  }

  private IssuedCertificate device(String subject) {
    return add(CertificateKind.DEVICE, subject, NEVER);
  }

  private interface Change {
    void in(Transaction tx);
  }

  private void write(Change change) {
    database.<Boolean, RuntimeException>write(tx -> {
      change.in(tx);
      return true;
    });
  }

  private IssuedCertificate reread(IssuedCertificate certificate) {
    return database.<IssuedCertificate, RuntimeException>read(
        tx -> ledger.find(tx, certificate.id()).orElseThrow());
  }

  private CertificateState stateOf(IssuedCertificate certificate) {
    return reread(certificate).state();
  }

  private List<Long> search(CertificateQuery query) {
    return database.<List<Long>, RuntimeException>read(
        tx -> ledger.search(tx, query).stream().map(IssuedCertificate::id).toList());
  }

  @Test
  @DisplayName("a certificate is kept with all that names it, and found by id and fingerprint")
  void adds() {
    var certificate = certificate(key, NEVER);
    var added = add(CertificateKind.DEVICE, "SN-1", certificate);
    for (var found : List.of(added, reread(added))) {
      assertThat(found.kind()).isEqualTo(CertificateKind.DEVICE);
      assertThat(found.subject()).isEqualTo("SN-1");
      assertThat(found.issuer()).isEqualTo("device-ca");
      assertThat(found.fingerprint()).isEqualTo(Certificates.fingerprint(certificate));
      assertThat(found.keyHash()).isEqualTo(Certificates.keyHash(certificate));
      assertThat(found.serialNumber()).isEqualTo("abc1");
      assertThat(found.notBefore()).isEqualTo(NOW);
      assertThat(found.notAfter()).isEqualTo(NEVER);
      assertThat(found.issuedAt()).isEqualTo(NOW);
      assertThat(found.state()).isEqualTo(CertificateState.ISSUED);
      assertThat(found.revokedAt()).isEmpty();
      assertThat(found.revocationReason()).isEmpty();
      assertThat(found.der()).isEqualTo(Certificates.der(certificate));
    }
    var byFingerprint =
        database.<Optional<IssuedCertificate>, RuntimeException>read(
            tx -> ledger.find(tx, added.fingerprint()));
    assertThat(byFingerprint).contains(added);
    var unknown =
        database.<Optional<IssuedCertificate>, RuntimeException>read(
            tx -> ledger.find(tx, Sha256.of(new byte[0])));
    assertThat(unknown).isEmpty();
  }

  @Test
  @DisplayName("a certificate is entered once")
  void refuses_certificate_twice() {
    var certificate = certificate(key, NEVER);
    add(CertificateKind.DEVICE, "SN-1", certificate);
    assertThatThrownBy(() -> add(CertificateKind.DEVICE, "SN-1", certificate))
        .isInstanceOf(DatabaseException.class);
  }

  @Test
  @DisplayName("every holder of a key is found by the key")
  void finds_by_key() {
    var first = device("SN-1");
    var second = device("SN-2");
    add(CertificateKind.DEVICE, "SN-3", certificate(otherKey, NEVER));
    var holders =
        database.<List<IssuedCertificate>, RuntimeException>read(
            tx -> ledger.withKey(tx, first.keyHash()));
    assertThat(holders).containsExactly(first, second);
  }

  @Test
  @DisplayName("the newest is the last entered of its kind and subject, whatever its state")
  void finds_newest() {
    device("SN-1");
    var newest = device("SN-1");
    device("SN-2");
    add(CertificateKind.OPERATOR, "SN-1", NEVER);
    write(tx -> ledger.revokeAll(tx, CertificateKind.DEVICE, "SN-1", "lost", NOW));
    var found =
        database.<Optional<IssuedCertificate>, RuntimeException>read(
            tx -> ledger.newest(tx, CertificateKind.DEVICE, "SN-1"));
    assertThat(found.map(IssuedCertificate::id)).contains(newest.id());
  }

  @Test
  @DisplayName("the first use of a successor retires what came before it, of this subject alone")
  void activates() {
    var first = device("SN-1");
    var skipped = device("SN-1");
    var successor = device("SN-1");
    var later = device("SN-1");
    var stranger = device("SN-2");
    var namesake = add(CertificateKind.OPERATOR, "SN-1", NEVER);
    write(tx -> ledger.activate(tx, first.id()));
    write(tx -> ledger.activate(tx, successor.id()));
    assertThat(stateOf(first)).isEqualTo(CertificateState.RETIRED);
    assertThat(stateOf(skipped)).isEqualTo(CertificateState.RETIRED);
    assertThat(stateOf(successor)).isEqualTo(CertificateState.ACTIVE);
    assertThat(stateOf(later)).isEqualTo(CertificateState.ISSUED);
    assertThat(stateOf(stranger)).isEqualTo(CertificateState.ISSUED);
    assertThat(stateOf(namesake)).isEqualTo(CertificateState.ISSUED);
  }

  @Test
  @DisplayName("a retired or revoked certificate never becomes active again")
  void does_not_reactivate() {
    var retired = device("SN-1");
    var active = device("SN-1");
    write(tx -> ledger.activate(tx, active.id()));
    write(tx -> ledger.activate(tx, retired.id()));
    assertThat(stateOf(retired)).isEqualTo(CertificateState.RETIRED);
    assertThat(stateOf(active)).isEqualTo(CertificateState.ACTIVE);

    var revoked = device("SN-2");
    write(tx -> ledger.revokeAll(tx, CertificateKind.DEVICE, "SN-2", "lost", NOW));
    write(tx -> ledger.activate(tx, revoked.id()));
    assertThat(stateOf(revoked)).isEqualTo(CertificateState.REVOKED);
  }

  @Test
  @DisplayName("revocation covers every state, and the first reason stays")
  void revokes_all() {
    var retired = device("SN-1");
    var active = device("SN-1");
    var other = device("SN-2");
    write(tx -> ledger.activate(tx, active.id()));
    write(tx -> ledger.revokeAll(tx, CertificateKind.DEVICE, "SN-1", "lost", NOW));
    write(tx -> ledger.revokeAll(tx, CertificateKind.DEVICE, "SN-1", "again", NOW.plusSeconds(1)));
    for (var revoked : List.of(reread(retired), reread(active))) {
      assertThat(revoked.state()).isEqualTo(CertificateState.REVOKED);
      assertThat(revoked.revokedAt()).contains(NOW);
      assertThat(revoked.revocationReason()).contains("lost");
    }
    assertThat(stateOf(other)).isEqualTo(CertificateState.ISSUED);
  }

  @Test
  @DisplayName("a search combines what it is given, by id and page by page")
  void searches() {
    var soon = add(CertificateKind.DEVICE, "SN-1", NOW.plusSeconds(60));
    var late = add(CertificateKind.DEVICE, "SN-2", NOW.plusSeconds(6_000));
    var server = add(CertificateKind.SERVER, "server", NOW.plusSeconds(60));
    var all = new CertificateQuery(none(), none(), none(), none(), 0, 10);
    assertThat(search(all)).containsExactly(soon.id(), late.id(), server.id());
    assertThat(search(new CertificateQuery(none(), none(), none(), none(), soon.id(), 1)))
        .containsExactly(late.id());
    var devices = Optional.of(CertificateKind.DEVICE);
    var inAMinute = Optional.of(NOW.plusSeconds(61));
    assertThat(search(new CertificateQuery(devices, none(), inAMinute, none(), 0, 10)))
        .containsExactly(soon.id());
    assertThat(search(new CertificateQuery(none(), Optional.of("server"), none(), none(), 0, 10)))
        .containsExactly(server.id());
    write(tx -> ledger.revokeAll(tx, CertificateKind.DEVICE, "SN-1", "lost", NOW));
    assertThat(search(new CertificateQuery(none(), none(), inAMinute, none(), 0, 10)))
        .as("what is revoked does not expire")
        .containsExactly(server.id());
    var revoked = Optional.of(CertificateState.REVOKED);
    assertThat(search(new CertificateQuery(none(), none(), none(), revoked, 0, 10)))
        .containsExactly(soon.id());
  }

  private static <T> Optional<T> none() {
    return Optional.empty();
  }

  @Test
  @DisplayName("the count names every state")
  void counts() {
    device("SN-1");
    var active = device("SN-1");
    write(tx -> ledger.activate(tx, active.id()));
    assertThat(database.<Map<CertificateState, Long>, RuntimeException>read(ledger::count))
        .isEqualTo(
            Map.of(
                CertificateState.ISSUED, 0L,
                CertificateState.ACTIVE, 1L,
                CertificateState.RETIRED, 1L,
                CertificateState.REVOKED, 0L));
  }

  @Test
  @DisplayName("a work that throws leaves the ledger as it was")
  void undoes_everything() {
    var before = device("SN-1");
    var added =
        new NewCertificate(
            CertificateKind.DEVICE, "SN-1", certificate(key, NEVER), NOW, "device-ca");
    assertThatThrownBy(() ->
            database.write(tx -> {
              var next = ledger.add(tx, added, CertificateState.ISSUED);
              ledger.activate(tx, next.id());
              ledger.revokeAll(tx, CertificateKind.DEVICE, "SN-1", "lost", NOW);
              throw new IOException("no");
            }))
        .isInstanceOf(IOException.class);
    assertThat(search(new CertificateQuery(none(), none(), none(), none(), 0, 10)))
        .containsExactly(before.id());
    assertThat(reread(before)).isEqualTo(before);
  }

  @Test
  @DisplayName("a key that several devices have is seen, unless only one of them may use it")
  void counts_devices_of_a_key() {
    assertThat(mostDevicesOfOneKey()).isZero();
    add(CertificateKind.DEVICE, "SN-1", certificate(key, NEVER));
    add(CertificateKind.DEVICE, "SN-1", certificate(key, NEVER));
    add(CertificateKind.OPERATOR, "olga", certificate(key, NEVER));
    assertThat(mostDevicesOfOneKey()).isEqualTo(1);
    add(CertificateKind.DEVICE, "SN-2", certificate(otherKey, NEVER));
    add(CertificateKind.DEVICE, "SN-3", certificate(key, NEVER));
    assertThat(mostDevicesOfOneKey()).isEqualTo(2);
    assertThat(database.<Long, RuntimeException>read(ledger::countDevices)).isEqualTo(3);
    write(tx -> ledger.revokeAll(tx, CertificateKind.DEVICE, "SN-3", "keyCompromise", NOW));
    assertThat(mostDevicesOfOneKey()).isEqualTo(1);
  }

  private long mostDevicesOfOneKey() {
    return database.<Long, RuntimeException>read(ledger::mostDevicesOfOneKey);
  }
}
