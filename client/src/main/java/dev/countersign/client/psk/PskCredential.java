// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.psk;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.keys.KeyPurpose;

/**
 * What a device shows and proves over TLS with a pre-shared key. Holds the device's key, which
 * {@link #close} overwrites; safe for use by many threads until then.
 */
public final class PskCredential implements AutoCloseable {
  private final DeviceSerial serial;
  private final int generation;
  private final DeviceKey key;

  private PskCredential(DeviceSerial serial, int generation, DeviceKey key) {
    this.serial = serial;
    this.generation = generation;
    this.key = key;
  }

  /**
   * The credential of a device.
   *
   * @param generation 1 until the secret was replaced
   * @param key taken over: closed with this
   */
  public static PskCredential of(DeviceSerial serial, int generation, DeviceKey key) {
    return new PskCredential(serial, generation, key);
  }

  public DeviceSerial serial() {
    return serial;
  }

  /** The name of the key, which is no secret. */
  public KeyId keyId() {
    return KeyId.of(serial, generation);
  }

  /** What it says on the wire: no colon, since files of keys separate by it. */
  String identity() {
    return "cs1." + keyId().hex();
  }

  /** The key for TLS 1.3; the caller overwrites it. */
  byte[] tls13Key() {
    return key.derive(KeyPurpose.TLS13_PSK, serial, generation, SecretAccess.insecure());
  }

  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return "PskCredential[" + identity() + ", key hidden]";
  }
}
