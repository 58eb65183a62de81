// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.settings;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.settings.Settings;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.protocol.settings.SettingsReceipt;
import dev.countersign.server.audit.AuditEvent;
import dev.countersign.server.audit.AuditLog;
import dev.countersign.server.credentials.AuthenticatedDevice;
import dev.countersign.server.credentials.AuthenticatedOperator;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.Transaction;
import dev.countersign.server.disk.Room;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.Devices;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * What each device shall do, and whether it said that it does. Every change is a new version; a
 * device that waits learns of it at once.
 */
public final class DeviceSettings {
  /** Before an operator said anything: version 0 with nothing in it. */
  private static final SettingsVersion NONE =
      new SettingsVersion(0, Settings.EMPTY, Instant.EPOCH, "nobody");

  private final Database database;
  private final Devices devices;
  private final SettingsHistory history;
  private final AuditLog audit;
  private final Room room;
  private final Clock clock;
  private final Cache<Long, SettingsVersion> current;
  private final ConcurrentMap<Long, CompletableFuture<Boolean>> waiting = new ConcurrentHashMap<>();

  public DeviceSettings(
      Database database,
      Devices devices,
      SettingsHistory history,
      AuditLog audit,
      Room room,
      Clock clock,
      long maxCached) {
    this.database = database;
    this.devices = devices;
    this.history = history;
    this.audit = audit;
    this.room = room;
    this.clock = clock;
    this.current = Caffeine.newBuilder().maximumSize(maxCached).build();
  }

  /** Settings of a device and what it says it applied. */
  public record Status(SettingsVersion desired, Optional<AppliedSettings> applied) {}

  /** What a device gets. */
  public SettingsAnswer answerFor(AuthenticatedDevice device) {
    SettingsVersion version = versionFor(device.id());
    // No release and no trust bundle is published by this version of the server: both are 0.
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return new SettingsAnswer(version.version(), version.settings(), 0, 0, now);
  }

  /** The version a device should have, without the values: what a 304 needs. */
  public long currentVersion(AuthenticatedDevice device) {
    return versionFor(device.id()).version();
  }

  /** The same, if that needs no look into the database. */
  public OptionalLong versionAtHand(AuthenticatedDevice device) {
    SettingsVersion version = current.getIfPresent(device.id());
    return version == null ? OptionalLong.empty() : OptionalLong.of(version.version());
  }

  private SettingsVersion versionFor(long deviceId) {
    return current.get(deviceId, id -> database.read(tx -> history.current(tx, id).orElse(NONE)));
  }

  /**
   * Waits until there is another version than the one a device has.
   *
   * @return true at a change, false when the time is over; completes on a foreign thread. A device
   *     that asks a second time ends its first wait
   */
  public CompletableFuture<Boolean> awaitChange(
      AuthenticatedDevice device, long known, Duration atMost) {
    var change = new CompletableFuture<Boolean>();
    CompletableFuture<Boolean> earlier = waiting.put(device.id(), change);
    if (earlier != null) {
      earlier.complete(false);
    }
    // Looked at after registering, so that no change falls between the two.
    if (currentVersion(device) != known) {
      change.complete(true);
    }
    change.completeOnTimeout(false, atMost.toMillis(), TimeUnit.MILLISECONDS);
    return change.whenComplete((changed, error) -> waiting.remove(device.id(), change));
  }

  /**
   * Changes some values; an empty value removes the name. What changes nothing makes no version.
   *
   * @return empty if there is no such device
   */
  public Optional<Status> change(
      DeviceSerial serial, Map<String, Optional<Scalar>> changes, AuthenticatedOperator operator)
      throws MalformedException {
    return database.write(tx -> {
      Optional<Device> device = devices.find(tx, serial);
      if (device.isEmpty()) {
        return Optional.<Status>empty();
      }
      long id = device.get().id();
      SettingsVersion old = history.current(tx, id).orElse(NONE);
      Settings changed = old.settings().with(changes);
      if (!changed.equals(old.settings())) {
        append(tx, serial, id, old, changed, operator);
      }
      return Optional.of(status(tx, id));
    });
  }

  private void append(
      Transaction tx,
      DeviceSerial serial,
      long id,
      SettingsVersion old,
      Settings changed,
      AuthenticatedOperator operator) {
    Instant now = clock.instant();
    var version = new SettingsVersion(old.version() + 1, changed, now, operator.name());
    history.append(tx, id, version);
    audit.append(
        tx,
        now,
        operator.actor(),
        new AuditEvent.SettingsChanged(serial, version.version(), changed.sha256()));
    tx.afterCommit(() -> published(id));
  }

  private void published(long deviceId) {
    current.invalidate(deviceId);
    CompletableFuture<Boolean> waiter = waiting.remove(deviceId);
    if (waiter != null) {
      waiter.complete(true);
    }
  }

  /** Settings and receipt of a device; empty if there is no such device. */
  public Optional<Status> status(DeviceSerial serial) {
    return database.read(tx -> devices.find(tx, serial).map(device -> status(tx, device.id())));
  }

  private Status status(Transaction tx, long id) {
    return new Status(history.current(tx, id).orElse(NONE), history.applied(tx, id));
  }

  /** Versions, newest first; empty if there is no such device. */
  public Optional<List<SettingsVersion>> list(DeviceSerial serial, int limit) {
    return database.read(
        tx -> devices.find(tx, serial).map(device -> history.list(tx, device.id(), limit)));
  }

  /**
   * Keeps a device's word that it applied a version.
   *
   * @throws MalformedException if there is no such version, or it had another content
   * @throws dev.countersign.server.database.DiskFullException if there is no room for it
   */
  public void applied(AuthenticatedDevice device, SettingsReceipt receipt)
      throws MalformedException {
    room.require();
    database.write(tx -> {
      SettingsVersion version =
          receipt.version() == 0
              ? NONE
              : history
                  .find(tx, device.id(), receipt.version())
                  .orElseThrow(() ->
                      new MalformedException(
                          "version", "there is no version " + receipt.version()));
      if (!version.settings().sha256().equals(receipt.sha256())) {
        throw new MalformedException(
            "sha256", "expected the digest of version " + receipt.version());
      }
      history.applied(
          tx,
          device.id(),
          new AppliedSettings(receipt.version(), receipt.sha256(), clock.instant()));
      return null;
    });
  }
}
