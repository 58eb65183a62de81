// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.fleet;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.server.audit.AuditEvent;
import dev.countersign.server.audit.AuditLog;
import dev.countersign.server.credentials.AuthenticatedOperator;
import dev.countersign.server.credentials.CredentialCache;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.Transaction;
import dev.countersign.server.enrolment.EnrolmentTokens;
import dev.countersign.server.ledger.CertificateKind;
import dev.countersign.server.ledger.CertificateLedger;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.DeviceStatus;
import dev.countersign.server.registry.Devices;
import dev.countersign.server.telemetry.ReadingStore;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Stops devices and starts them again. A stop is in force for every request from the commit on, and
 * a revoked or removed device's connections are closed.
 */
public final class DeviceLifecycle {
  private final Database database;
  private final Devices devices;
  private final EnrolmentTokens tokens;
  private final CertificateLedger ledger;
  private final CredentialCache cache;
  private final ReadingStore readings;
  private final AuditLog audit;
  private final Clock clock;
  private final LongConsumer disconnect;

  /** The stores that a change of a device's life writes to. */
  public record Stores(
      Database database,
      Devices devices,
      EnrolmentTokens tokens,
      CertificateLedger ledger,
      ReadingStore readings,
      AuditLog audit) {}

  /**
   * @param disconnect closes the connections of the device of this id; must not block
   */
  public DeviceLifecycle(
      Stores stores, CredentialCache cache, Clock clock, LongConsumer disconnect) {
    this.database = stores.database();
    this.devices = stores.devices();
    this.tokens = stores.tokens();
    this.ledger = stores.ledger();
    this.readings = stores.readings();
    this.audit = stores.audit();
    this.cache = cache;
    this.clock = clock;
    this.disconnect = disconnect;
  }

  /** Refuses the device with 403 until it is resumed; its credentials stay good. */
  public FleetChange<Device> suspend(
      DeviceSerial serial, String reason, AuthenticatedOperator operator) {
    return change(
        serial,
        (tx, device, now) -> {
          if (device.status() != DeviceStatus.ACTIVE && device.status() != DeviceStatus.PENDING) {
            return Optional.of(serial + " is " + device.status().wireName() + ", not active");
          }
          devices.setStatus(tx, device.id(), DeviceStatus.SUSPENDED);
          audit.append(tx, now, operator.actor(), new AuditEvent.DeviceSuspended(serial, reason));
          return Optional.empty();
        });
  }

  /** Lets a suspended device in again. */
  public FleetChange<Device> resume(
      DeviceSerial serial, String reason, AuthenticatedOperator operator) {
    return change(
        serial,
        (tx, device, now) -> {
          if (device.status() != DeviceStatus.SUSPENDED) {
            return Optional.of(serial + " is " + device.status().wireName() + ", not suspended");
          }
          boolean hasEnrolled = device.enrolmentEpoch() > 0;
          devices.setStatus(
              tx, device.id(), hasEnrolled ? DeviceStatus.ACTIVE : DeviceStatus.PENDING);
          audit.append(tx, now, operator.actor(), new AuditEvent.DeviceResumed(serial, reason));
          return Optional.empty();
        });
  }

  /** Ends the trust in a device for good: certificates, token and connections. */
  public FleetChange<Device> revoke(
      DeviceSerial serial, String reason, AuthenticatedOperator operator) {
    return change(
        serial,
        (tx, device, now) -> {
          if (device.status() == DeviceStatus.REVOKED) {
            return Optional.of(serial + " is revoked already");
          }
          devices.setStatus(tx, device.id(), DeviceStatus.REVOKED);
          ledger.revokeAll(tx, CertificateKind.DEVICE, serial.value(), reason, now);
          voidToken(tx, device);
          audit.append(tx, now, operator.actor(), new AuditEvent.DeviceRevoked(serial, reason));
          tx.afterCommit(() -> disconnect.accept(device.id()));
          return Optional.empty();
        });
  }

  /**
   * Forgets a device with its settings and readings. Its certificates stay in the ledger, revoked,
   * so that a later device of this serial is not opened by them.
   *
   * @return false if there is no such device
   */
  public boolean remove(DeviceSerial serial, AuthenticatedOperator operator) {
    Optional<Device> removed =
        database.write(tx -> {
          Optional<Device> device = devices.find(tx, serial);
          device.ifPresent(found -> remove(tx, found, operator));
          return device;
        });
    // After the commit: readings without a device are invisible and harmless, the reverse is loss.
    removed.ifPresent(device -> readings.remove(device.id()));
    return removed.isPresent();
  }

  private void remove(Transaction tx, Device device, AuthenticatedOperator operator) {
    Instant now = clock.instant();
    ledger.revokeAll(
        tx, CertificateKind.DEVICE, device.serial().value(), "cessationOfOperation", now);
    devices.remove(tx, device.id());
    cache.changed(tx, device.id());
    audit.append(tx, now, operator.actor(), new AuditEvent.DeviceRemoved(device.serial()));
    tx.afterCommit(() -> disconnect.accept(device.id()));
  }

  private void voidToken(Transaction tx, Device device) {
    if (tokens.find(tx, device.id()).isPresent()) {
      tokens.voidToken(tx, device.id());
    }
  }

  /** Returns why it cannot be done, or nothing once it is. */
  private interface Step {
    Optional<String> apply(Transaction tx, Device device, Instant now);
  }

  private FleetChange<Device> change(DeviceSerial serial, Step step) {
    return database.write(tx -> {
      Optional<Device> device = devices.find(tx, serial);
      if (device.isEmpty()) {
        return new FleetChange.NoSuchDevice<Device>();
      }
      Optional<String> refusal = step.apply(tx, device.get(), clock.instant());
      if (refusal.isPresent()) {
        return new FleetChange.NotPossible<Device>(refusal.get());
      }
      cache.changed(tx, device.get().id());
      return new FleetChange.Done<>(devices.find(tx, device.get().id()).orElseThrow());
    });
  }
}
