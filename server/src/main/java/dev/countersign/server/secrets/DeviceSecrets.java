// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.server.database.Transaction;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The wrapped keys of devices. They go with their device.
 *
 * <p>Where a generation is named and there is none, changes throw {@link IllegalStateException}:
 * the caller has looked it up in the same transaction.
 */
public interface DeviceSecrets {
  /** During a rekey the old and the new one. */
  int MAX_GENERATIONS = 2;

  /**
   * Adds a generation.
   *
   * @throws IllegalStateException if the device has it or a later one, or has two already
   */
  void add(Transaction tx, StoredSecret secret);

  /** The generations of a device, the newest first. */
  List<StoredSecret> ofDevice(Transaction tx, long deviceId);

  /** Whose key has this name: usually one or none. In the order of the devices. */
  List<Long> devicesWith(Transaction tx, KeyId keyId, int limit);

  /** Names every key and its device. */
  void forEachName(Transaction tx, BiConsumer<DeviceSerial, KeyId> action);

  /** The device that has a key of one of these fingerprints. */
  Optional<Long> deviceWithFingerprint(Transaction tx, Collection<Sha256> fingerprints);

  /** How many keys each key-encryption key wraps. */
  Map<KekId, Long> countByKek(Transaction tx);

  /** How many devices have a key of each kind; every kind is there. */
  Map<SecretKind, Long> countDevices(Transaction tx);

  /** How many devices have the fingerprint that most devices have; 0 for none. */
  long mostDevicesOfOneFingerprint(Transaction tx);

  /** Some that are wrapped under this one, in no particular order. */
  List<StoredSecret> wrappedUnder(Transaction tx, KekId kekId, int limit);

  /** Puts another wrapping of the same key in place of the present one. */
  void rewrap(Transaction tx, long deviceId, int generation, WrappedKey wrapped);

  /** Erases one generation. */
  void remove(Transaction tx, long deviceId, int generation);

  /** Erases all generations of a device, and says how many there were. */
  int removeAll(Transaction tx, long deviceId);
}
