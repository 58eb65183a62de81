// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.keys.KeyId;

/**
 * The peer of a connection holds this key. Only a handshake that came to its end makes it.
 *
 * <p><b>Security guarantees.</b> The peer's Finished verified on this connection under keys that
 * came from the device's key of this generation and a fresh (EC)DHE exchange. It says nothing about
 * whether the device may still come in: that is judged on every request.
 */
public final class ProvenKey {
  private final long deviceId;
  private final DeviceSerial serial;
  private final int generation;
  private final KeyId keyId;

  ProvenKey(PreSharedKey key) {
    this.deviceId = key.deviceId();
    this.serial = key.serial();
    this.generation = key.generation();
    this.keyId = key.keyId();
  }

  /** The registry's number of the device. */
  public long deviceId() {
    return deviceId;
  }

  public DeviceSerial serial() {
    return serial;
  }

  /** 1 to 255. */
  public int generation() {
    return generation;
  }

  public KeyId keyId() {
    return keyId;
  }

  @Override
  public String toString() {
    return "ProvenKey[" + serial + ", generation " + generation + "]";
  }
}
