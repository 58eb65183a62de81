// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.credentials;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.server.registry.Device;
import java.util.Optional;

/**
 * A device whose newest certificate has expired, and that holds its key. Opens a renewal and
 * nothing else. Only {@link DeviceAuthenticator} makes it.
 */
public final class LapsedDevice {
  private final Device device;
  private final Sha256 keyHash;
  private final Optional<Sha256> onlyKey;

  LapsedDevice(Device device, Sha256 keyHash, Optional<Sha256> onlyKey) {
    this.device = device;
    this.keyHash = keyHash;
    this.onlyKey = onlyKey;
  }

  public Device device() {
    return device;
  }

  public DeviceSerial serial() {
    return device.serial();
  }

  /**
   * The key of a successor that was issued and never seen in use: its answer was lost. Only for
   * this key, which nobody but the device can have, may the predecessor ask once more.
   */
  public Optional<Sha256> onlyKey() {
    return onlyKey;
  }

  /** The key of the expired certificate, which the new one must not have. */
  public Sha256 keyHash() {
    return keyHash;
  }
}
