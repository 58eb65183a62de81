// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.credentials;

import dev.countersign.server.credentials.CredentialRefusedException.Reason;
import dev.countersign.server.database.Database;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.DeviceStatus;
import dev.countersign.server.registry.Devices;
import dev.countersign.server.registry.Path;
import dev.countersign.server.secrets.SecretHolder;
import dev.countersign.server.tls.psk.ProvenKey;
import java.util.List;
import java.util.Optional;

/** Whether a key from a pre-set secret, proven by TLS, still opens the door. */
final class SecretCredentials {
  private final CredentialCache cache;
  private final Database database;
  private final Devices devices;

  SecretCredentials(CredentialCache cache, Database database, Devices devices) {
    this.cache = cache;
    this.database = database;
    this.devices = devices;
  }

  /** The device that holds this key, if both count now. */
  Device judge(ProvenKey key) throws CredentialRefusedException {
    String serial = key.serial().value();
    Device device =
        device(cache.secrets().byKeyId(key.keyId()), key)
            .orElseThrow(() -> new CredentialRefusedException(Reason.KEY_REPLACED, serial));
    if (device.status() == DeviceStatus.REVOKED) {
      throw new CredentialRefusedException(Reason.REVOKED, serial);
    }
    if (device.status() == DeviceStatus.SUSPENDED) {
      throw new CredentialRefusedException(Reason.SUSPENDED, serial);
    }
    if (device.minimumLevel(Path.DIRECT) > Level.PRE_SHARED_KEY) {
      throw new CredentialRefusedException(Reason.LEVEL_TOO_LOW, serial);
    }
    if (!isInUse(device)) {
      firstUse(device);
      return judge(key);
    }
    return device;
  }

  /** The same, if nothing stands against it and no database has to be asked. */
  Optional<Device> atHand(ProvenKey key) {
    return cache
        .secrets()
        .byKeyIdAtHand(key.keyId())
        .flatMap(holders -> device(holders, key))
        .filter(SecretCredentials::isInUse);
  }

  /** The registry's number as well: a serial may have been given to another device since. */
  private static Optional<Device> device(List<SecretHolder> holders, ProvenKey key) {
    return holders.stream()
        .filter(holder -> holder.generation() == key.generation())
        .map(SecretHolder::device)
        .filter(device -> device.id() == key.deviceId())
        .findFirst();
  }

  private static boolean isInUse(Device device) {
    return device.status() == DeviceStatus.ACTIVE
        && device.minimumLevel(Path.DIRECT) == Level.PRE_SHARED_KEY
        && device.level() >= Level.PRE_SHARED_KEY;
  }

  /** The first use makes a device active, and closes what is weaker. */
  private void firstUse(Device seen) {
    database.write(tx -> {
      Optional<Device> device = devices.find(tx, seen.id());
      if (device.isPresent()) {
        if (device.get().status() == DeviceStatus.PENDING) {
          devices.enrolled(tx, seen.id());
        }
        devices.raiseLevel(tx, seen.id(), Path.DIRECT, Level.PRE_SHARED_KEY);
        cache.changed(tx, seen.id());
      }
      return null;
    });
  }
}
