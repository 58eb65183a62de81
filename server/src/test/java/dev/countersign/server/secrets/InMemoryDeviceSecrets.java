// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.server.database.Transaction;
import dev.countersign.server.registry.Devices;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The wrapped keys in memory. */
public final class InMemoryDeviceSecrets implements DeviceSecrets {
  private record Key(long deviceId, int generation) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      return Comparator.comparingLong(Key::deviceId)
          .thenComparingInt(Key::generation)
          .compare(this, other);
    }
  }

  private final Map<Key, StoredSecret> secrets = new TreeMap<>();
  private final Devices devices;

  public InMemoryDeviceSecrets(Devices devices) {
    this.devices = devices;
  }

  @Override
  public void add(Transaction tx, StoredSecret added) {
    List<StoredSecret> live = ofDevice(tx, added.deviceId());
    if (live.size() >= MAX_GENERATIONS
        || (!live.isEmpty() && live.getFirst().generation() >= added.generation())) {
      throw new IllegalStateException("not a next generation");
    }
    var kept =
        new StoredSecret(
            added.deviceId(),
            added.generation(),
            added.keyId(),
            added.kind(),
            added.algorithm(),
            added.wrapped(),
            added.createdAt().truncatedTo(ChronoUnit.MILLIS),
            added.exposed(),
            added.unhealed());
    put(tx, new Key(added.deviceId(), added.generation()), kept);
  }

  @Override
  public List<StoredSecret> ofDevice(Transaction tx, long deviceId) {
    return secrets.values().stream()
        .filter(secret -> secret.deviceId() == deviceId)
        .sorted(Comparator.comparingInt(StoredSecret::generation).reversed())
        .toList();
  }

  @Override
  public List<Long> devicesWith(Transaction tx, KeyId keyId, int limit) {
    return secrets.values().stream()
        .filter(secret -> secret.keyId().equals(keyId))
        .map(StoredSecret::deviceId)
        .distinct()
        .limit(limit)
        .toList();
  }

  @Override
  public void forEachName(Transaction tx, BiConsumer<DeviceSerial, KeyId> action) {
    secrets
        .values()
        .forEach(secret -> {
          var device = devices.find(tx, secret.deviceId()).orElseThrow();
          action.accept(device.serial(), secret.keyId());
        });
  }

  @Override
  public Optional<Long> deviceWithFingerprint(Transaction tx, Collection<Sha256> fingerprints) {
    return secrets.values().stream()
        .filter(secret -> fingerprints.contains(secret.wrapped().fingerprint()))
        .map(StoredSecret::deviceId)
        .findFirst();
  }

  @Override
  public Map<KekId, Long> countByKek(Transaction tx) {
    return secrets.values().stream()
        .collect(Collectors.groupingBy(s -> s.wrapped().kekId(), Collectors.counting()));
  }

  @Override
  public Map<SecretKind, Long> countDevices(Transaction tx) {
    var counts = new EnumMap<SecretKind, Long>(SecretKind.class);
    for (SecretKind kind : SecretKind.values()) {
      counts.put(
          kind,
          secrets.values().stream()
              .filter(secret -> secret.kind() == kind)
              .map(StoredSecret::deviceId)
              .distinct()
              .count());
    }
    return counts;
  }

  @Override
  public long mostDevicesOfOneFingerprint(Transaction tx) {
    return secrets.values().stream()
        .collect(
            Collectors.groupingBy(
                s -> s.wrapped().fingerprint(),
                Collectors.mapping(StoredSecret::deviceId, Collectors.toSet())))
        .values()
        .stream()
        .mapToLong(Set::size)
        .max()
        .orElse(0);
  }

  @Override
  public List<StoredSecret> wrappedUnder(Transaction tx, KekId kekId, int limit) {
    return secrets.values().stream()
        .filter(secret -> secret.wrapped().kekId().equals(kekId))
        .limit(limit)
        .toList();
  }

  @Override
  public void rewrap(Transaction tx, long deviceId, int generation, WrappedKey wrapped) {
    put(tx, new Key(deviceId, generation), existing(deviceId, generation).with(wrapped));
  }

  @Override
  public void remove(Transaction tx, long deviceId, int generation) {
    existing(deviceId, generation);
    put(tx, new Key(deviceId, generation), null);
  }

  @Override
  public int removeAll(Transaction tx, long deviceId) {
    List<StoredSecret> all = ofDevice(tx, deviceId);
    all.forEach(secret -> remove(tx, deviceId, secret.generation()));
    return all.size();
  }

  private StoredSecret existing(long deviceId, int generation) {
    var secret = secrets.get(new Key(deviceId, generation));
    if (secret == null) {
      throw new IllegalStateException("device " + deviceId + " has no such generation");
    }
    return secret;
  }

  private void put(Transaction tx, Key key, @Nullable StoredSecret secret) {
    var before = secrets.get(key);
    set(key, secret);
    tx.onRollback(() -> set(key, before));
  }

  private void set(Key key, @Nullable StoredSecret secret) {
    if (secret == null) {
      secrets.remove(key);
    } else {
      secrets.put(key, secret);
    }
  }
}
