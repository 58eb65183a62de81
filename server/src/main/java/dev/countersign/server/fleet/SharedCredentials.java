// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.fleet;

import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.server.credentials.CredentialCache;
import dev.countersign.server.credentials.Level;
import dev.countersign.server.database.Transaction;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.DeviceStatus;
import dev.countersign.server.registry.Devices;
import dev.countersign.server.registry.Path;
import dev.countersign.server.secrets.SecretKind;
import dev.countersign.server.secrets.SharedSecrets;
import java.time.Instant;
import java.util.Optional;

/**
 * Gives new devices the key that they share with this server. Such a device is active at once: it
 * holds its credential already. What it was given closes what is weaker on the same way.
 */
final class SharedCredentials {
  private static final int FIRST_GENERATION = 1;

  private final Devices devices;
  private final SharedSecrets secrets;
  private final CredentialCache cache;

  SharedCredentials(Devices devices, SharedSecrets secrets, CredentialCache cache) {
    this.devices = devices;
    this.secrets = secrets;
    this.cache = cache;
  }

  /** The device that has this key already: no two may have one. */
  Optional<Device> holderOf(Transaction tx, DeviceKey key) {
    return secrets.holderOf(tx, key);
  }

  void give(
      Transaction tx, Device device, NewCredential.Shared credential, DeviceKey key, Instant at) {
    var how = new SharedSecrets.NewSecret(credential.kind(), credential.algorithm(), false, false);
    secrets.add(tx, device, FIRST_GENERATION, key, how, at);
    devices.setStatus(tx, device.id(), DeviceStatus.ACTIVE);
    devices.requireLevel(tx, device.id(), Path.RELAY, relayMinimum(credential.kind()));
    devices.requireLevel(tx, device.id(), Path.DIRECT, directMinimum(credential.kind()));
    cache.changed(tx, device.id());
  }

  private static int relayMinimum(SecretKind kind) {
    return switch (kind) {
      case PSK, SEALED -> Level.SEALED;
      case MAC -> Level.MAC;
    };
  }

  /** Any secret closes the way of the bare password. */
  private static int directMinimum(SecretKind kind) {
    return switch (kind) {
      case PSK -> Level.PRE_SHARED_KEY;
      case SEALED, MAC -> Level.MAC;
    };
  }
}
