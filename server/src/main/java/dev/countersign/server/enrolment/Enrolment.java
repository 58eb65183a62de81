// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.enrolment;

import dev.countersign.pki.KeyPolicy;
import dev.countersign.pki.RefusedRequestException;
import dev.countersign.pki.VerifiedRequest;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.server.audit.AuditEvent;
import dev.countersign.server.audit.AuditLog;
import dev.countersign.server.credentials.AuthenticatedDevice;
import dev.countersign.server.credentials.CredentialCache;
import dev.countersign.server.credentials.CredentialRefusedException;
import dev.countersign.server.credentials.CredentialRefusedException.Reason;
import dev.countersign.server.credentials.LapsedDevice;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.Transaction;
import dev.countersign.server.disk.Room;
import dev.countersign.server.ledger.CertificateKind;
import dev.countersign.server.ledger.CertificateLedger;
import dev.countersign.server.ledger.CertificateState;
import dev.countersign.server.ledger.IssuedCertificate;
import dev.countersign.server.ledger.NewCertificate;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.DeviceStatus;
import dev.countersign.server.registry.Devices;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * Issues certificates to devices: once for a token, and again for the certificate they have. What
 * is issued is in the ledger, durably, before it leaves the house.
 *
 * <p>Asking again with the same key gives the same certificate for a day, so that a lost answer
 * costs nothing and a device in a loop fills no ledger.
 */
public final class Enrolment {
  private final Admission admission;
  private final Database database;
  private final Devices devices;
  private final EnrolmentTokens tokens;
  private final CertificateLedger ledger;
  private final CredentialCache cache;
  private final AuditLog audit;
  private final DeviceIssuer issuer;
  private final Room room;
  private final Clock clock;
  private final KeyPolicy keyPolicy = KeyPolicy.standard();

  /** The stores that one enrolment writes to, in one transaction. */
  public record Stores(
      Database database,
      Devices devices,
      EnrolmentTokens tokens,
      CertificateLedger ledger,
      AuditLog audit) {}

  public Enrolment(
      Admission admission,
      Stores stores,
      CredentialCache cache,
      DeviceIssuer issuer,
      Room room,
      Clock clock) {
    this.admission = admission;
    this.database = stores.database();
    this.devices = stores.devices();
    this.tokens = stores.tokens();
    this.ledger = stores.ledger();
    this.audit = stores.audit();
    this.cache = cache;
    this.issuer = issuer;
    this.room = room;
    this.clock = clock;
  }

  /**
   * Checks a request of somebody who may ask: its form, its names, its key, its proof.
   *
   * @param csr DER
   * @throws dev.countersign.server.database.DiskFullException if there is no room for a certificate
   */
  public VerifiedRequest verify(DeviceSerial serial, byte[] csr) throws ProtocolException {
    room.require();
    CertificateRequest request = CertificateRequest.parse(csr);
    for (String name : request.claimedNames()) {
      if (!name.equals(serial.value())) {
        throw new MalformedException(
            "csr subject", "expected it empty, or the serial " + serial + " and nothing else");
      }
    }
    try {
      return VerifiedRequest.verify(request, keyPolicy);
    } catch (RefusedRequestException e) {
      if (e.reason() == RefusedRequestException.Reason.KNOWN_KEY) {
        database.write(tx -> alarm(tx, serial, "a published test key was presented"));
      }
      throw e;
    }
  }

  /** First enrolment, by token. */
  public EnrolmentDecision enrol(AdmittedDevice admitted, VerifiedRequest request)
      throws CredentialRefusedException {
    Device device = admitted.device();
    Instant now = clock.instant();
    // Signed before the transaction, which one thread carries out for all; dropped if it is lost.
    X509Certificate fresh = issuer.issue(device, request, now);
    EnrolmentDecision decision =
        database.write(tx -> {
          TokenRecord token = requireToken(tx, device);
          requireNotStopped(tx, device);
          if (token.boundKey().isPresent()) {
            return fetchAgain(tx, token, request, device);
          }
          Optional<String> conflict = keyConflict(tx, device, request.keyHash());
          if (conflict.isPresent()) {
            return refuseKey(tx, device, conflict.get());
          }
          IssuedCertificate issued = enter(tx, device, fresh, now);
          tokens.use(tx, device.id(), request.keyHash(), issued.id(), now);
          devices.enrolled(tx, device.id());
          audit.append(
              tx,
              now,
              actor(device),
              new AuditEvent.DeviceEnrolled(device.serial(), issued.fingerprint()));
          cache.changed(tx, device.id());
          return new EnrolmentDecision.Issued(fresh);
        });
    return decision;
  }

  /**
   * For a device that has proven itself: renewal, by a certificate that is good, whose key may be
   * the same; or first enrolment, by a key from its pre-set secret. Its sequence numbers go on.
   */
  public EnrolmentDecision renew(AuthenticatedDevice device, VerifiedRequest request)
      throws CredentialRefusedException {
    return renew(
        device.device(),
        request,
        fingerprint ->
            device.certificateId().isPresent()
                ? new AuditEvent.CertificateRenewed(device.serial(), fingerprint, false)
                : new AuditEvent.DeviceEnrolled(device.serial(), fingerprint));
  }

  /** Renewal, by a certificate that has expired. The key must be new. */
  public EnrolmentDecision renewLapsed(LapsedDevice device, VerifiedRequest request)
      throws CredentialRefusedException, MalformedException {
    if (request.keyHash().equals(device.keyHash())) {
      throw new MalformedException(
          "csr", "expected a new key, since the certificate of this one has expired");
    }
    if (device.onlyKey().isPresent() && !device.onlyKey().get().equals(request.keyHash())) {
      throw new CredentialRefusedException(
          Reason.NOT_THE_NEWEST, "a successor was issued, and this is not a request for its key");
    }
    return renew(
        device.device(),
        request,
        fingerprint -> new AuditEvent.CertificateRenewed(device.serial(), fingerprint, true));
  }

  private EnrolmentDecision renew(
      Device device, VerifiedRequest request, Function<Sha256, AuditEvent> event)
      throws CredentialRefusedException {
    Instant now = clock.instant();
    X509Certificate fresh = issuer.issue(device, request, now);
    return database.write(tx -> {
      requireNotStopped(tx, device);
      Optional<String> conflict = keyConflict(tx, device, request.keyHash());
      if (conflict.isPresent()) {
        return refuseKey(tx, device, conflict.get());
      }
      Optional<IssuedCertificate> repeated = unusedFor(tx, device, request.keyHash(), now);
      if (repeated.isPresent()) {
        return new EnrolmentDecision.Issued(parsed(repeated.get()));
      }
      IssuedCertificate issued = enter(tx, device, fresh, now);
      audit.append(tx, now, actor(device), event.apply(issued.fingerprint()));
      cache.changed(tx, device.id());
      return new EnrolmentDecision.Issued(fresh);
    });
  }

  private TokenRecord requireToken(Transaction tx, Device device)
      throws CredentialRefusedException {
    return tokens
        .find(tx, device.id())
        .filter(token -> !token.voided())
        .orElseThrow(
            () -> new CredentialRefusedException(Reason.TOKEN_VOID, device.serial().value()));
  }

  /** Between admission and commit an operator may have stopped the device. */
  private void requireNotStopped(Transaction tx, Device device) throws CredentialRefusedException {
    DeviceStatus status =
        devices
            .find(tx, device.id())
            .orElseThrow(() -> new CredentialRefusedException(Reason.DEVICE_REMOVED, ""))
            .status();
    if (status == DeviceStatus.REVOKED) {
      throw new CredentialRefusedException(Reason.REVOKED, device.serial().value());
    }
    if (status == DeviceStatus.SUSPENDED) {
      throw new CredentialRefusedException(Reason.SUSPENDED, device.serial().value());
    }
  }

  private EnrolmentDecision fetchAgain(
      Transaction tx, TokenRecord token, VerifiedRequest request, Device device)
      throws CredentialRefusedException {
    if (!token.boundKey().equals(Optional.of(request.keyHash()))) {
      admission.countFailure(device);
      throw new CredentialRefusedException(
          Reason.TOKEN_USED, device.serial() + ", with another key");
    }
    return token
        .certificateId()
        .flatMap(id -> ledger.find(tx, id))
        .map(issued -> new EnrolmentDecision.Issued(parsed(issued)))
        .orElseThrow(() -> new AssertionError("a used token names its certificate"));
  }

  /** Why this key cannot be certified for this device, if so. */
  private Optional<String> keyConflict(Transaction tx, Device device, Sha256 key) {
    for (IssuedCertificate other : ledger.withKey(tx, key)) {
      boolean ours =
          other.kind() == CertificateKind.DEVICE && other.subject().equals(device.serial().value());
      if (!ours) {
        return Optional.of("this key belongs to another; make a key of this device's own");
      }
      if (other.state() == CertificateState.REVOKED) {
        return Optional.of("this key was revoked; make a new one");
      }
    }
    return Optional.empty();
  }

  private EnrolmentDecision refuseKey(Transaction tx, Device device, String why) {
    alarm(tx, device.serial(), why);
    return new EnrolmentDecision.KeyRefused(why);
  }

  private Void alarm(Transaction tx, DeviceSerial serial, String why) {
    audit.append(
        tx, clock.instant(), "device:" + serial, new AuditEvent.EnrolmentAlarm(serial, why));
    return null;
  }

  private Optional<IssuedCertificate> unusedFor(
      Transaction tx, Device device, Sha256 key, Instant now) {
    return ledger
        .newest(tx, CertificateKind.DEVICE, device.serial().value())
        .filter(newest -> newest.state() == CertificateState.ISSUED)
        .filter(newest -> newest.keyHash().equals(key))
        .filter(newest -> now.isBefore(newest.issuedAt().plus(Admission.REPEAT_WINDOW)));
  }

  private IssuedCertificate enter(
      Transaction tx, Device device, X509Certificate certificate, Instant now) {
    return ledger.add(
        tx,
        new NewCertificate(
            CertificateKind.DEVICE, device.serial().value(), certificate, now, issuer.name()),
        CertificateState.ISSUED);
  }

  private static X509Certificate parsed(IssuedCertificate issued) {
    try {
      return Certificates.parse(issued.der());
    } catch (MalformedException e) {
      throw new AssertionError("the ledger holds certificates", e);
    }
  }

  private static String actor(Device device) {
    return "device:" + device.serial();
  }
}
