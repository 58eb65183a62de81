// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server;

import dev.countersign.pki.AuthorityProfile;
import dev.countersign.pki.CertificateAuthority;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.est.EnrolmentToken;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.protocol.x509.ChainVerifier;
import dev.countersign.server.audit.AuditEntry;
import dev.countersign.server.audit.InMemoryAuditLog;
import dev.countersign.server.credentials.AuthenticatedOperator;
import dev.countersign.server.credentials.ChainJudge;
import dev.countersign.server.credentials.CredentialCache;
import dev.countersign.server.credentials.CredentialRefusedException;
import dev.countersign.server.credentials.DeviceAuthenticator;
import dev.countersign.server.credentials.Ladder;
import dev.countersign.server.credentials.OperatorAuthenticator;
import dev.countersign.server.database.InMemoryDatabase;
import dev.countersign.server.enrolment.Admission;
import dev.countersign.server.enrolment.AdmittedDevice;
import dev.countersign.server.enrolment.DeviceIssuer;
import dev.countersign.server.enrolment.Enrolment;
import dev.countersign.server.enrolment.EnrolmentDecision;
import dev.countersign.server.enrolment.InMemoryEnrolmentTokens;
import dev.countersign.server.fleet.DeviceLifecycle;
import dev.countersign.server.fleet.Provisioning;
import dev.countersign.server.fleet.TokenGrant;
import dev.countersign.server.ledger.InMemoryCertificateLedger;
import dev.countersign.server.operators.InMemoryOperators;
import dev.countersign.server.operators.OperatorAccounts;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.InMemoryDevices;
import dev.countersign.server.registry.NewDevice;
import dev.countersign.server.secrets.InMemoryDeviceSecrets;
import dev.countersign.server.secrets.SharedSecrets;
import dev.countersign.server.secrets.TestSecrets;
import dev.countersign.server.settings.DeviceSettings;
import dev.countersign.server.settings.InMemorySettingsHistory;
import dev.countersign.server.telemetry.InMemoryReadingStore;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** The features wired together over stores in memory: everything but sockets. */
public final class TestHouse {
  public final MutableClock clock = new MutableClock(Instant.parse("2026-11-21T12:00:00Z"));
  public final SecureRandom random = new SecureRandom();
  public final InMemoryDatabase database = new InMemoryDatabase();
  public final InMemoryDevices devices = new InMemoryDevices();
  public final InMemoryEnrolmentTokens tokens = new InMemoryEnrolmentTokens();
  public final InMemoryCertificateLedger ledger = new InMemoryCertificateLedger();
  public final InMemorySettingsHistory settingsHistory = new InMemorySettingsHistory();
  public final InMemoryAuditLog audit = new InMemoryAuditLog();
  public final InMemoryReadingStore readings = new InMemoryReadingStore();

  /** What was put off, to be run by {@link #runBackground}. */
  private final Queue<Runnable> background = new ArrayDeque<>();

  public final List<Long> disconnected = new ArrayList<>();
  public final CertificateAuthority root;
  public final CertificateAuthority deviceAuthority;
  public final SharedSecrets secrets =
      TestSecrets.of(database, devices, new InMemoryDeviceSecrets(devices));
  public final CredentialCache cache =
      new CredentialCache(database, devices, ledger, secrets, 1000);
  public final Ladder ladder =
      new Ladder(
          database,
          devices,
          secrets,
          cache,
          audit,
          device -> device.model().equals(Optional.of("relayed")),
          clock);
  public final DeviceAuthenticator authenticator =
      new DeviceAuthenticator(cache, database, devices, ladder, ledger, audit, clock);
  public final Admission admission =
      new Admission(database, devices, tokens, audit, clock, background::add);
  public final Enrolment enrolment;
  public final ChainJudge judge;
  public final Provisioning provisioning;
  public final DeviceLifecycle lifecycle;
  public final DeviceSettings settings =
      new DeviceSettings(database, devices, settingsHistory, audit, () -> {}, clock, 1000);
  public final AuthenticatedOperator operator;

  public TestHouse() throws ProtocolException, GeneralSecurityException {
    Instant now = clock.instant();
    root =
        CertificateAuthority.createRoot(
            "Root", "Test", SigningKey.generate(KeyKind.P384, random), now, random);
    SigningKey deviceKey = SigningKey.generate(KeyKind.P256, random);
    X509Certificate deviceCertificate =
        root.issueAuthority(
            new AuthorityProfile.DeviceAuthority(), deviceKey.publicKey(), "Device CA", now);
    deviceAuthority = new CertificateAuthority(deviceCertificate, deviceKey, random);
    judge =
        new ChainJudge(
            ChainVerifier.through(List.of(root.certificate()), List.of(deviceCertificate)),
            clock,
            1000);
    enrolment =
        new Enrolment(
            admission,
            new Enrolment.Stores(database, devices, tokens, ledger, audit),
            cache,
            new DeviceIssuer("device-ca", deviceAuthority, "Test", 32_473),
            () -> {},
            clock);
    provisioning =
        new Provisioning(
            database,
            devices,
            tokens,
            secrets,
            cache,
            audit,
            Certificates.fingerprint(root.certificate()),
            clock,
            random);
    lifecycle =
        new DeviceLifecycle(
            new DeviceLifecycle.Stores(database, devices, tokens, ledger, readings, audit),
            cache,
            clock,
            disconnected::add);
    operator = anOperator();
  }

  /** There is no way to make one but to be one. */
  private AuthenticatedOperator anOperator() throws ProtocolException, GeneralSecurityException {
    var operators = new InMemoryOperators();
    CertificateAuthority authority =
        CertificateAuthority.createOperatorRoot(
            "Operators",
            "Test",
            SigningKey.generate(KeyKind.P256, random),
            clock.instant(),
            random);
    var accounts = new OperatorAccounts(database, operators, ledger, audit, authority, clock);
    X509Certificate certificate =
        accounts.add("olga", CertificateRequest.create(newKey()).der(), "test").orElseThrow();
    var judgeOfOperators =
        new ChainJudge(
            ChainVerifier.through(List.of(authority.certificate()), List.of()), clock, 10);
    try {
      return new OperatorAuthenticator(database, ledger, operators)
          .byCertificate(judgeOfOperators.judge(List.of(certificate)));
    } catch (CredentialRefusedException e) {
      throw new AssertionError(e);
    }
  }

  public KeyPair newKey() {
    SigningKey key = SigningKey.generate(KeyKind.P256, random);
    return new KeyPair(key.publicKey(), key.privateKey());
  }

  /** Registers a device, and gives its token. */
  public EnrolmentToken register(String serial) {
    return provisioning
        .add(new NewDevice(new DeviceSerial(serial), Optional.empty(), true), operator)
        .map(TokenGrant::token)
        .orElseThrow();
  }

  public AdmittedDevice admit(String serial, EnrolmentToken token) throws Exception {
    return admission.admit(serial, token.text(SecretAccess.insecure()));
  }

  /** Registers and enrols a device with this key. */
  public X509Certificate enrol(String serial, KeyPair key) throws Exception {
    return issued(enrol(serial, register(serial), key));
  }

  public EnrolmentDecision enrol(String serial, EnrolmentToken token, KeyPair key)
      throws Exception {
    AdmittedDevice device = admit(serial, token);
    return enrolment.enrol(
        device, enrolment.verify(device.serial(), CertificateRequest.create(key).der()));
  }

  public static X509Certificate issued(EnrolmentDecision decision) {
    return ((EnrolmentDecision.Issued) decision).certificate();
  }

  public Device device(String serial) {
    return database.read(tx -> devices.find(tx, new DeviceSerial(serial))).orElseThrow();
  }

  /** The types of the audit log's entries about this subject, in order. */
  public List<String> auditOf(String subject) {
    return database.read(tx -> audit.list(tx, 0, 1000)).stream()
        .filter(entry -> entry.subject().equals(subject))
        .map(AuditEntry::type)
        .toList();
  }

  public void runBackground() {
    for (Runnable task = background.poll(); task != null; task = background.poll()) {
      task.run();
    }
  }
}
