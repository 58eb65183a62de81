// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.credentials;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.sealed.OpenedRequest;
import dev.countersign.protocol.x509.LapsedChain;
import dev.countersign.protocol.x509.VerifiedChain;
import dev.countersign.server.audit.AuditEvent;
import dev.countersign.server.audit.AuditLog;
import dev.countersign.server.credentials.CredentialRefusedException.Reason;
import dev.countersign.server.database.Database;
import dev.countersign.server.ledger.CertificateLedger;
import dev.countersign.server.ledger.CertificateState;
import dev.countersign.server.ledger.IssuedCertificate;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.DeviceStatus;
import dev.countersign.server.registry.Devices;
import dev.countersign.server.registry.Path;
import dev.countersign.server.secrets.SecretHolder;
import dev.countersign.server.tls.psk.ProvenKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides whether a verified certificate still opens the door, on every request. The only maker of
 * {@link AuthenticatedDevice} and {@link LapsedDevice}.
 */
public final class DeviceAuthenticator {
  /** The use of a retired certificate is an alarm, but not one per request. */
  private static final Duration ALARM_INTERVAL = Duration.ofHours(1);

  private static final int MAX_RECENT_ALARMS = 10_000;

  private final CredentialCache cache;
  private final Database database;
  private final Devices devices;
  private final Ladder ladder;
  private final CertificateLedger ledger;
  private final AuditLog audit;
  private final Clock clock;
  private final SecretCredentials secretCredentials;
  private final Cache<Sha256, Boolean> recentAlarms =
      Caffeine.newBuilder().maximumSize(MAX_RECENT_ALARMS).expireAfterWrite(ALARM_INTERVAL).build();

  public DeviceAuthenticator(
      CredentialCache cache,
      Database database,
      Devices devices,
      Ladder ladder,
      CertificateLedger ledger,
      AuditLog audit,
      Clock clock) {
    this.cache = cache;
    this.database = database;
    this.devices = devices;
    this.ladder = ladder;
    this.ledger = ledger;
    this.audit = audit;
    this.clock = clock;
    this.secretCredentials = new SecretCredentials(cache, database, devices);
  }

  /** The device behind a certificate, if that certificate counts now. */
  public AuthenticatedDevice byCertificate(VerifiedChain chain) throws CredentialRefusedException {
    CredentialCache.Snapshot snapshot = snapshot(chain.fingerprint());
    Device device = snapshot.device();
    IssuedCertificate certificate = certificate(snapshot, chain.fingerprint());
    requireGood(device, certificate);
    if (certificate.state() == CertificateState.ISSUED) {
      firstUse(device, certificate);
      return byCertificate(chain);
    }
    return authenticated(device, chain, certificate);
  }

  /**
   * The same decision without waiting for anything: made only if all it takes is at hand, and
   * nothing stands against the device.
   *
   * @return empty if {@link #byCertificate} is to be asked, which then knows why
   */
  public Optional<AuthenticatedDevice> byCertificateAtHand(VerifiedChain chain) {
    return cache.atHand(chain.fingerprint()).flatMap(snapshot -> active(snapshot, chain));
  }

  private static Optional<AuthenticatedDevice> active(
      CredentialCache.Snapshot snapshot, VerifiedChain chain) {
    Device device = snapshot.device();
    if (device.status() != DeviceStatus.ACTIVE) {
      return Optional.empty();
    }
    return snapshot
        .certificate(chain.fingerprint())
        .filter(certificate -> certificate.state() == CertificateState.ACTIVE)
        .map(certificate -> authenticated(device, chain, certificate));
  }

  private static AuthenticatedDevice authenticated(
      Device device, VerifiedChain chain, IssuedCertificate certificate) {
    return new AuthenticatedDevice(
        device, new AuthenticatedDevice.Proof.Certificate(chain.keyHash(), certificate.id()));
  }

  /**
   * The device behind a sealed request, if its key and its level count now.
   *
   * @param holder whose key opened the request
   */
  public AuthenticatedDevice bySealedRequest(SecretHolder holder, OpenedRequest request)
      throws CredentialRefusedException {
    Device device = holder.device();
    String serial = device.serial().value();
    int level = request instanceof OpenedRequest.Mac ? Level.MAC : Level.SEALED;
    if (device.status() == DeviceStatus.REVOKED) {
      throw new CredentialRefusedException(Reason.REVOKED, serial);
    }
    if (device.status() == DeviceStatus.SUSPENDED) {
      throw new CredentialRefusedException(Reason.SUSPENDED, serial);
    }
    ladder.judge(device, Path.RELAY, level);
    if (device.status() == DeviceStatus.PENDING) {
      device = activated(device);
    }
    ladder.reached(device, Path.RELAY, level);
    return authenticated(device, holder, level);
  }

  /** Whether {@link #bySealedRequest} will admit a sealed request of this device, and not write. */
  public boolean isSealedAtHand(SecretHolder holder) {
    Device device = holder.device();
    return device.status() == DeviceStatus.ACTIVE
        && ladder.isReached(device, Path.RELAY, Level.SEALED);
  }

  /** The first use makes a device active. */
  private Device activated(Device pending) throws CredentialRefusedException {
    Optional<Device> now =
        database.write(tx -> {
          Optional<Device> device = devices.find(tx, pending.id());
          if (device.isPresent() && device.get().status() == DeviceStatus.PENDING) {
            devices.enrolled(tx, pending.id());
            cache.changed(tx, pending.id());
          }
          return devices.find(tx, pending.id());
        });
    return now.filter(found -> found.status() == DeviceStatus.ACTIVE)
        .orElseThrow(() ->
            new CredentialRefusedException(Reason.DEVICE_NOT_ACTIVE, pending.serial().value()));
  }

  private static AuthenticatedDevice authenticated(Device device, SecretHolder holder, int level) {
    return new AuthenticatedDevice(
        device, new AuthenticatedDevice.Proof.Secret(holder.keyId(), holder.generation(), level));
  }

  /** The device behind a key that TLS has proven, if that key counts now. */
  public AuthenticatedDevice byPreSharedKey(ProvenKey key) throws CredentialRefusedException {
    return authenticated(secretCredentials.judge(key), key);
  }

  /**
   * The same decision without waiting for anything, as {@link #byCertificateAtHand} makes it.
   *
   * @return empty if {@link #byPreSharedKey} is to be asked
   */
  public Optional<AuthenticatedDevice> byPreSharedKeyAtHand(ProvenKey key) {
    return secretCredentials.atHand(key).map(device -> authenticated(device, key));
  }

  private static AuthenticatedDevice authenticated(Device device, ProvenKey key) {
    return new AuthenticatedDevice(
        device,
        new AuthenticatedDevice.Proof.Secret(key.keyId(), key.generation(), Level.PRE_SHARED_KEY));
  }

  /** The device behind an expired certificate, if that may still be renewed. */
  public LapsedDevice byLapsedCertificate(LapsedChain chain) throws CredentialRefusedException {
    CredentialCache.Snapshot snapshot = snapshot(chain.fingerprint());
    IssuedCertificate certificate = certificate(snapshot, chain.fingerprint());
    requireGood(snapshot.device(), certificate);
    IssuedCertificate newest =
        snapshot
            .newest()
            .orElseThrow(() -> new CredentialRefusedException(Reason.NOT_THE_NEWEST, ""));
    if (newest.id() != certificate.id() && newest.state() != CertificateState.ISSUED) {
      throw new CredentialRefusedException(Reason.NOT_THE_NEWEST, "");
    }
    return new LapsedDevice(
        snapshot.device(),
        certificate.keyHash(),
        newest.id() == certificate.id() ? Optional.empty() : Optional.of(newest.keyHash()));
  }

  private CredentialCache.Snapshot snapshot(Sha256 fingerprint) throws CredentialRefusedException {
    return cache
        .byFingerprint(fingerprint)
        .orElseThrow(
            () -> new CredentialRefusedException(Reason.UNKNOWN_CERTIFICATE, fingerprint.hex()));
  }

  /** A certificate that we signed and do not know was not issued by us: the ledger has all. */
  private static IssuedCertificate certificate(
      CredentialCache.Snapshot snapshot, Sha256 fingerprint) throws CredentialRefusedException {
    return snapshot
        .certificate(fingerprint)
        .orElseThrow(
            () -> new CredentialRefusedException(Reason.UNKNOWN_CERTIFICATE, fingerprint.hex()));
  }

  private void requireGood(Device device, IssuedCertificate certificate)
      throws CredentialRefusedException {
    if (certificate.state() == CertificateState.REVOKED
        || device.status() == DeviceStatus.REVOKED) {
      throw new CredentialRefusedException(Reason.REVOKED, device.serial().value());
    }
    if (certificate.state() == CertificateState.RETIRED) {
      alarmRetired(device, certificate);
      throw new CredentialRefusedException(Reason.RETIRED, device.serial().value());
    }
    if (device.status() == DeviceStatus.SUSPENDED) {
      throw new CredentialRefusedException(Reason.SUSPENDED, device.serial().value());
    }
    if (device.status() == DeviceStatus.PENDING) {
      throw new CredentialRefusedException(Reason.DEVICE_NOT_ACTIVE, device.serial().value());
    }
  }

  /** The first use of a successor retires what came before it, and fixes the level. */
  private void firstUse(Device device, IssuedCertificate certificate) {
    database.write(tx -> {
      ledger.activate(tx, certificate.id());
      ladder.reached(tx, device, Path.DIRECT, Level.MUTUAL_TLS);
      return null;
    });
  }

  /** Two holders of one identity: a restored backup at best, a clone at worst. */
  private void alarmRetired(Device device, IssuedCertificate certificate) {
    if (recentAlarms.asMap().putIfAbsent(certificate.fingerprint(), true) == null) {
      database.write(tx ->
          audit.append(
              tx,
              clock.instant(),
              "device:" + device.serial(),
              new AuditEvent.RetiredCertificateUsed(device.serial(), certificate.fingerprint())));
    }
  }
}
