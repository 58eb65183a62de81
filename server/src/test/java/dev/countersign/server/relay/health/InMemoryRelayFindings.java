// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.health;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.server.database.Transaction;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.Devices;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What was found of relays, in memory. */
public final class InMemoryRelayFindings implements RelayFindings {
  private final Devices devices;
  private final Map<Key, Tally> tallies = new HashMap<>();
  private final Map<Name, Long> names = new HashMap<>();

  private record Key(long relayId, OptionalLong deviceId, FindingKind kind) {}

  private record Name(long relayId, String name) {}

  public InMemoryRelayFindings(Devices devices) {
    this.devices = devices;
  }

  @Override
  public void add(Transaction tx, long relayId, OptionalLong deviceId, Tally tally) {
    if (deviceId.isPresent() && devices.find(tx, deviceId.getAsLong()).isEmpty()) {
      return;
    }
    var key = new Key(relayId, deviceId, tally.kind());
    Tally before = tallies.get(key);
    tallies.merge(key, kept(tally), Tally::plus);
    tx.onRollback(() -> {
      if (before == null) {
        tallies.remove(key);
      } else {
        tallies.put(key, before);
      }
    });
  }

  private static Tally kept(Tally tally) {
    return new Tally(
        tally.kind(),
        tally.count(),
        tally.firstAt().truncatedTo(ChronoUnit.MILLIS),
        tally.lastAt().truncatedTo(ChronoUnit.MILLIS));
  }

  @Override
  public List<Tally> ofRelay(Transaction tx, long relayId) {
    return of(relayId, OptionalLong.empty());
  }

  private List<Tally> of(long relayId, OptionalLong deviceId) {
    return tallies.entrySet().stream()
        .filter(e -> e.getKey().relayId() == relayId && e.getKey().deviceId().equals(deviceId))
        .map(Map.Entry::getValue)
        .sorted(Comparator.comparing(Tally::kind))
        .toList();
  }

  @Override
  public List<DeviceTally> ofDevices(
      Transaction tx, long relayId, Instant since, String afterSerial, int limit) {
    var found = new ArrayList<DeviceTally>();
    tallies.keySet().stream()
        .filter(key -> key.relayId() == relayId && key.deviceId().isPresent())
        .map(key -> key.deviceId().getAsLong())
        .distinct()
        .forEach(id -> {
          Optional<Device> device = devices.find(tx, id);
          List<Tally> all = of(relayId, OptionalLong.of(id));
          if (device.isPresent() && all.stream().anyMatch(t -> !t.lastAt().isBefore(since))) {
            found.add(new DeviceTally(device.get().serial(), all));
          }
        });
    return found.stream()
        .filter(device -> device.serial().value().compareTo(afterSerial) > 0)
        .sorted(Comparator.comparing(device -> device.serial().value()))
        .limit(limit)
        .toList();
  }

  @Override
  public Optional<DeviceTally> ofDevice(Transaction tx, long relayId, DeviceSerial serial) {
    return devices
        .find(tx, serial)
        .map(device -> new DeviceTally(serial, of(relayId, OptionalLong.of(device.id()))))
        .filter(tally -> !tally.tallies().isEmpty());
  }

  @Override
  public OptionalLong deviceNamed(Transaction tx, long relayId, String name) {
    Long owner = names.get(new Name(relayId, name));
    return owner == null || devices.find(tx, owner).isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(owner);
  }

  @Override
  public int countNames(Transaction tx, long relayId, long deviceId) {
    return (int)
        names.entrySet().stream()
            .filter(e -> e.getKey().relayId() == relayId && e.getValue() == deviceId)
            .count();
  }

  @Override
  public void learn(Transaction tx, long relayId, String name, long deviceId, Instant at) {
    if (devices.find(tx, deviceId).isEmpty()) {
      return;
    }
    var key = new Name(relayId, name);
    Long before = names.put(key, deviceId);
    tx.onRollback(() -> {
      if (before == null) {
        names.remove(key);
      } else {
        names.put(key, before);
      }
    });
  }
}
