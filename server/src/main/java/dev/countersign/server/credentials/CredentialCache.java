// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.credentials;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.Transaction;
import dev.countersign.server.ledger.CertificateKind;
import dev.countersign.server.ledger.CertificateLedger;
import dev.countersign.server.ledger.CertificateQuery;
import dev.countersign.server.ledger.IssuedCertificate;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.Devices;
import dev.countersign.server.secrets.SharedSecrets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the registry and the ledger say about a device, held in memory until a change of that device
 * commits. Whoever changes a device calls {@link #changed} in the same transaction.
 *
 * <p>A load that began before a commit cannot survive it: Caffeine computes and invalidates one key
 * one after the other, and the invalidation comes after the commit. Bounded; safe for many threads.
 */
public final class CredentialCache {
  /** A device renews a few times a year; more certificates than this is not a device. */
  private static final int MAX_CERTIFICATES = 1000;

  record Snapshot(Device device, List<IssuedCertificate> certificates) {
    Optional<IssuedCertificate> certificate(Sha256 fingerprint) {
      return certificates.stream().filter(c -> c.fingerprint().equals(fingerprint)).findFirst();
    }

    Optional<IssuedCertificate> newest() {
      return certificates.isEmpty() ? Optional.empty() : Optional.of(certificates.getLast());
    }
  }

  private final Database database;
  private final Devices devices;
  private final CertificateLedger ledger;
  private final SharedSecrets secrets;
  private final Cache<Sha256, Long> deviceByFingerprint;
  private final Cache<Long, Snapshot> snapshots;

  public CredentialCache(
      Database database,
      Devices devices,
      CertificateLedger ledger,
      SharedSecrets secrets,
      long maxDevices) {
    this.database = database;
    this.devices = devices;
    this.ledger = ledger;
    this.secrets = secrets;
    this.deviceByFingerprint = Caffeine.newBuilder().maximumSize(2 * maxDevices).build();
    this.snapshots = Caffeine.newBuilder().maximumSize(maxDevices).build();
  }

  /** To be called in the transaction that changes the device or one of its credentials. */
  public void changed(Transaction tx, long deviceId) {
    tx.afterCommit(() -> snapshots.invalidate(deviceId));
    secrets.changed(tx, deviceId);
  }

  /** The keys of pre-set secrets, which this keeps current too. */
  SharedSecrets secrets() {
    return secrets;
  }

  /** The device that the ledger gave this certificate to. */
  Optional<Snapshot> byFingerprint(Sha256 fingerprint) {
    Long deviceId = get(deviceByFingerprint, fingerprint, this::loadDeviceId);
    return deviceId == null
        ? Optional.empty()
        : Optional.ofNullable(get(snapshots, deviceId, this::loadSnapshot));
  }

  /** The same, if that needs no look into the database. */
  Optional<Snapshot> atHand(Sha256 fingerprint) {
    Long deviceId = deviceByFingerprint.getIfPresent(fingerprint);
    return deviceId == null
        ? Optional.empty()
        : Optional.ofNullable(snapshots.getIfPresent(deviceId));
  }

  @SuppressWarnings("NullAway") // Caffeine takes null for "nothing to remember"
  private static <K, V> @Nullable V get(Cache<K, V> cache, K key, Function<K, @Nullable V> load) {
    return cache.get(key, load);
  }

  private @Nullable Long loadDeviceId(Sha256 fingerprint) {
    return database.read(tx ->
        ledger
            .find(tx, fingerprint)
            .filter(certificate -> certificate.kind() == CertificateKind.DEVICE)
            .flatMap(certificate -> devices.find(tx, new DeviceSerial(certificate.subject())))
            .map(Device::id)
            .orElse(null));
  }

  private @Nullable Snapshot loadSnapshot(long deviceId) {
    return database.read(
        tx -> devices.find(tx, deviceId).map(device -> snapshot(tx, device)).orElse(null));
  }

  private Snapshot snapshot(Transaction tx, Device device) {
    var query =
        new CertificateQuery(
            Optional.of(CertificateKind.DEVICE),
            Optional.of(device.serial().value()),
            Optional.empty(),
            Optional.empty(),
            0,
            MAX_CERTIFICATES);
    return new Snapshot(device, List.copyOf(ledger.search(tx, query)));
  }
}
