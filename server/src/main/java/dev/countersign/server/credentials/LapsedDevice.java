// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.credentials;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.server.registry.Device;

/**
 * A device whose newest certificate has expired, and that holds its key. Opens a renewal and
 * nothing else. Only {@link DeviceAuthenticator} makes it.
 */
public final class LapsedDevice {
  private final Device device;
  private final Sha256 keyHash;

  LapsedDevice(Device device, Sha256 keyHash) {
    this.device = device;
    this.keyHash = keyHash;
  }

  public Device device() {
    return device;
  }

  public DeviceSerial serial() {
    return device.serial();
  }

  /** The key of the expired certificate, which the new one must not have. */
  public Sha256 keyHash() {
    return keyHash;
  }
}
