// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.Transaction;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.DeviceStatus;
import dev.countersign.server.registry.Devices;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The keys that devices share with this server. Wrapped ones are held in memory until a change of
 * their device commits; whoever changes a device calls {@link #changed} in the same transaction.
 * Safe for many threads.
 */
public final class SharedSecrets {
  /** Two devices of one key id come in one fleet of 500; more of them are made up. */
  private static final int MAX_CANDIDATES = 4;

  private final Database database;
  private final Devices devices;
  private final DeviceSecrets secrets;
  private final KeyEncryptionKeys keys;
  private final KeyIdIndex known = new KeyIdIndex();
  private final Cache<KeyId, List<Long>> devicesByKeyId;
  private final Cache<DeviceSerial, Long> deviceBySerial;
  private final Cache<Long, List<SecretHolder>> holders;
  private final SecretHolder nobody;

  /** How a device gets a key. */
  public record NewSecret(
      SecretKind kind, SealedAlgorithm algorithm, boolean exposed, boolean unhealed) {}

  private SharedSecrets(
      Database database,
      Devices devices,
      DeviceSecrets secrets,
      KeyEncryptionKeys keys,
      long maxDevices,
      SecureRandom random) {
    this.database = database;
    this.devices = devices;
    this.secrets = secrets;
    this.keys = keys;
    this.devicesByKeyId = Caffeine.newBuilder().maximumSize(2 * maxDevices).build();
    this.deviceBySerial = Caffeine.newBuilder().maximumSize(maxDevices).build();
    this.holders = Caffeine.newBuilder().maximumSize(maxDevices).build();
    this.nobody = makeNobody(random);
  }

  /**
   * Opens them.
   *
   * @param maxDevices how many devices are held in memory
   * @throws IOException if keys are wrapped under a key-encryption key that is not there; one line
   *     with what to do
   */
  public static SharedSecrets open(
      Database database,
      Devices devices,
      DeviceSecrets secrets,
      KeyEncryptionKeys keys,
      long maxDevices,
      SecureRandom random)
      throws IOException {
    Map<KekId, Long> needed = database.read(secrets::countByKek);
    for (Map.Entry<KekId, Long> kek : needed.entrySet()) {
      if (!keys.has(kek.getKey())) {
        throw new IOException(
            "%d secrets in registry.db are wrapped under the key-encryption key %s, and keys/ has %s;"
                    .formatted(kek.getValue(), kek.getKey(), keys.currentId())
                + " put the right one there as keys/kek.old.key, or restore keys/ and registry.db"
                + " of the same day");
      }
    }
    var shared = new SharedSecrets(database, devices, secrets, keys, maxDevices, random);
    database.<@Nullable Void, RuntimeException>read(tx -> {
      secrets.forEachName(tx, shared::know);
      return null;
    });
    return shared;
  }

  /** The first id of a serial stands for the serial, even when a later one is in use. */
  private void know(DeviceSerial serial, KeyId keyId) {
    known.add(keyId);
    known.add(KeyId.of(serial, 1));
  }

  /** A device that does not exist, under a key of this process that nobody has. */
  private static SecretHolder makeNobody(SecureRandom random) {
    var serial = new DeviceSerial("nobody");
    var device =
        new Device(
            0,
            serial,
            Optional.empty(),
            DeviceStatus.REVOKED,
            false,
            0,
            0,
            0,
            0,
            Instant.EPOCH,
            Optional.empty());
    var bytes = new byte[KeyEncryptionKey.BYTES];
    random.nextBytes(bytes);
    var kek = new KeyEncryptionKey(bytes, random);
    random.nextBytes(bytes);
    try (DeviceKey key = DeviceKey.wrap(bytes)) {
      var secret =
          new StoredSecret(
              0,
              1,
              KeyId.of(serial, 1),
              SecretKind.SEALED,
              SealedAlgorithm.CCM,
              kek.wrap(key, serial, 1),
              Instant.EPOCH,
              false,
              false);
      return new SecretHolder(
          device,
          secret,
          (nobody, stored) -> kek.unwrap(stored.wrapped(), nobody.serial(), stored.generation()));
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /**
   * Those whose key has this id: usually one or none, at most 4. A name is no proof: each is tried,
   * and the caller judges the status of the one whose key fits.
   */
  public List<SecretHolder> byKeyId(KeyId keyId) {
    if (!known.contains(keyId)) {
      return List.of();
    }
    return get(devicesByKeyId, keyId, this::loadDevices).stream()
        .flatMap(id -> get(holders, id, this::loadHolders).stream())
        .filter(holder -> holder.keyId().equals(keyId))
        .limit(MAX_CANDIDATES)
        .toList();
  }

  /** The same if no database has to be asked for it; else empty. */
  public Optional<List<SecretHolder>> byKeyIdAtHand(KeyId keyId) {
    List<Long> ids = devicesByKeyId.getIfPresent(keyId);
    if (ids == null) {
      return Optional.empty();
    }
    var found = new ArrayList<SecretHolder>();
    for (Long id : ids) {
      List<SecretHolder> ofDevice = holders.getIfPresent(id);
      if (ofDevice == null) {
        return Optional.empty();
      }
      ofDevice.stream().filter(holder -> holder.keyId().equals(keyId)).forEach(found::add);
    }
    return Optional.of(found);
  }

  /** The newest generation of a device's key, if it has one. */
  public Optional<SecretHolder> current(DeviceSerial serial) {
    if (!known.contains(KeyId.of(serial, 1))) {
      return Optional.empty();
    }
    Long id = getOrNull(deviceBySerial, serial, this::loadDeviceId);
    return id == null
        ? Optional.empty()
        : get(holders, id, this::loadHolders).stream()
            .filter(holder -> holder.device().serial().equals(serial))
            .findFirst();
  }

  /**
   * A holder for unknown ids, so that they cost what known ones cost. Its key is random, made when
   * the process began; the device is revoked and in no registry.
   */
  public SecretHolder nobody() {
    return nobody;
  }

  /** The same within a transaction, from the database. The newest first. */
  public List<StoredSecret> ofDevice(Transaction tx, long deviceId) {
    return secrets.ofDevice(tx, deviceId);
  }

  /**
   * Gives a device a key.
   *
   * @param key for the caller to close
   */
  public void add(
      Transaction tx, Device device, int generation, DeviceKey key, NewSecret how, Instant at) {
    KeyId keyId = KeyId.of(device.serial(), generation);
    secrets.add(
        tx,
        new StoredSecret(
            device.id(),
            generation,
            keyId,
            how.kind(),
            how.algorithm(),
            keys.wrap(key, device.serial(), generation),
            at,
            how.exposed(),
            how.unhealed()));
    tx.afterCommit(() -> {
      know(device.serial(), keyId);
      devicesByKeyId.invalidate(keyId);
      deviceBySerial.invalidate(device.serial());
    });
    changed(tx, device.id());
  }

  /** How many devices have a key. */
  public long countDevicesWithSecret(Transaction tx) {
    return secrets.countDevices(tx).values().stream().mapToLong(Long::longValue).sum();
  }

  /** How many devices have the key that most devices have; 0 for none. */
  public long mostDevicesOfOneSecret(Transaction tx) {
    return secrets.mostDevicesOfOneFingerprint(tx);
  }

  /** The device that has this key already, whatever its generation. */
  public Optional<Device> holderOf(Transaction tx, DeviceKey key) {
    List<Sha256> fingerprints = keys.fingerprints(key);
    return secrets.deviceWithFingerprint(tx, fingerprints).flatMap(id -> devices.find(tx, id));
  }

  /** Erases one generation of a device's key. */
  public void remove(Transaction tx, long deviceId, int generation) {
    secrets.remove(tx, deviceId, generation);
    changed(tx, deviceId);
  }

  /** Erases all keys that a device shares with this server, and says how many there were. */
  public int retire(Transaction tx, long deviceId) {
    int erased = secrets.removeAll(tx, deviceId);
    changed(tx, deviceId);
    return erased;
  }

  /** To be called in the transaction that changes the device or one of its keys. */
  public void changed(Transaction tx, long deviceId) {
    tx.afterCommit(() -> holders.invalidate(deviceId));
  }

  private List<Long> loadDevices(KeyId keyId) {
    return database.read(tx -> secrets.devicesWith(tx, keyId, MAX_CANDIDATES));
  }

  private @Nullable Long loadDeviceId(DeviceSerial serial) {
    return database.read(tx -> devices.find(tx, serial).map(Device::id).orElse(null));
  }

  private List<SecretHolder> loadHolders(long deviceId) {
    return database.read(tx ->
        devices
            .find(tx, deviceId)
            .map(device ->
                secrets.ofDevice(tx, deviceId).stream()
                    .map(secret -> new SecretHolder(device, secret, this::open))
                    .toList())
            .orElse(List.of()));
  }

  /** Opens a device's key, as {@link SecretHolder#open} does. */
  public DeviceKey open(Device device, StoredSecret secret) {
    return keys.unwrap(secret.wrapped(), device.serial(), secret.generation());
  }

  private static <K, V> V get(Cache<K, V> cache, K key, Function<K, V> load) {
    return cache.get(key, load);
  }

  @SuppressWarnings("NullAway") // Caffeine takes null for "nothing to remember"
  private static <K, V> @Nullable V getOrNull(
      Cache<K, V> cache, K key, Function<K, @Nullable V> load) {
    return cache.get(key, load);
  }
}
