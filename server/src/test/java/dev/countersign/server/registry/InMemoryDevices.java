// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.registry;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The register in memory. */
public final class InMemoryDevices implements Devices {
  private final Map<Long, Device> byId = new HashMap<>();
  private long lastId;

  @Override
  public Optional<Device> add(Transaction tx, NewDevice added, Instant at) {
    if (find(tx, added.serial()).isPresent()) {
      return Optional.empty();
    }
    var device =
        new Device(
            ++lastId,
            added.serial(),
            added.model(),
            DeviceStatus.PENDING,
            added.hasClock(),
            0,
            0,
            0,
            0,
            at.truncatedTo(ChronoUnit.MILLIS),
            Optional.empty());
    byId.put(device.id(), device);
    tx.onRollback(() -> byId.remove(device.id()));
    return Optional.of(device);
  }

  @Override
  public Optional<Device> find(Transaction tx, DeviceSerial serial) {
    return byId.values().stream().filter(device -> device.serial().equals(serial)).findAny();
  }

  @Override
  public Optional<Device> find(Transaction tx, long id) {
    return Optional.ofNullable(byId.get(id));
  }

  @Override
  public List<Device> list(
      Transaction tx, Optional<DeviceStatus> status, Optional<DeviceSerial> after, int limit) {
    return byId.values().stream()
        .filter(device -> status.isEmpty() || device.status() == status.get())
        .filter(device -> after.isEmpty() || device.serial().compareTo(after.get()) > 0)
        .sorted(Comparator.comparing(Device::serial))
        .limit(limit)
        .toList();
  }

  @Override
  public void setStatus(Transaction tx, long id, DeviceStatus status) {
    change(tx, id, d -> with(d, status, d.level(), d.enrolmentEpoch(), d.lastSeen()));
  }

  @Override
  public void enrolled(Transaction tx, long id) {
    change(
        tx, id, d -> with(d, DeviceStatus.ACTIVE, d.level(), d.enrolmentEpoch() + 1, d.lastSeen()));
  }

  @Override
  public void requireLevel(Transaction tx, long id, Path path, int level) {
    change(
        tx,
        id,
        d ->
            new Device(
                d.id(),
                d.serial(),
                d.model(),
                d.status(),
                d.hasClock(),
                d.level(),
                path == Path.DIRECT
                    ? Math.max(d.minimumDirectLevel(), level)
                    : d.minimumDirectLevel(),
                path == Path.RELAY ? Math.max(d.minimumRelayLevel(), level) : d.minimumRelayLevel(),
                d.enrolmentEpoch(),
                d.addedAt(),
                d.lastSeen()));
  }

  @Override
  public void raiseLevel(Transaction tx, long id, Path path, int level) {
    change(tx, id, d -> with(d, d.status(), level, d.enrolmentEpoch(), d.lastSeen()));
    for (Path each : Path.values()) {
      requireLevel(tx, id, each, each == path ? level : Math.min(level, 1));
    }
  }

  @Override
  public void seen(Transaction tx, Map<Long, Instant> lastSeenById) {
    lastSeenById.forEach((id, exactly) -> {
      var at = exactly.truncatedTo(ChronoUnit.MILLIS);
      var device = byId.get(id);
      if (device != null && device.lastSeen().map(at::isAfter).orElse(true)) {
        change(tx, id, d -> with(d, d.status(), d.level(), d.enrolmentEpoch(), Optional.of(at)));
      }
    });
  }

  private static Device with(
      Device device, DeviceStatus status, int level, int epoch, Optional<Instant> lastSeen) {
    return new Device(
        device.id(),
        device.serial(),
        device.model(),
        status,
        device.hasClock(),
        level,
        device.minimumDirectLevel(),
        device.minimumRelayLevel(),
        epoch,
        device.addedAt(),
        lastSeen);
  }

  private void change(Transaction tx, long id, UnaryOperator<Device> change) {
    var before = byId.get(id);
    if (before == null) {
      throw new IllegalStateException("there is no device " + id);
    }
    byId.put(id, change.apply(before));
    tx.onRollback(() -> byId.put(id, before));
  }

  @Override
  public boolean remove(Transaction tx, long id) {
    var before = byId.remove(id);
    if (before != null) {
      tx.onRollback(() -> byId.put(id, before));
    }
    return before != null;
  }

  @Override
  public long countSilent(Transaction tx, Instant since) {
    return byId.values().stream()
        .filter(d -> d.status() == DeviceStatus.ACTIVE)
        .filter(d -> d.addedAt().isBefore(since))
        .filter(d -> d.lastSeen().isEmpty() || d.lastSeen().get().isBefore(since))
        .count();
  }

  @Override
  public Map<DeviceStatus, Long> count(Transaction tx) {
    var counts = new EnumMap<DeviceStatus, Long>(DeviceStatus.class);
    for (DeviceStatus status : DeviceStatus.values()) {
      counts.put(status, byId.values().stream().filter(d -> d.status() == status).count());
    }
    return counts;
  }
}
