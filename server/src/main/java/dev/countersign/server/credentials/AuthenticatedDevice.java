// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.credentials;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.server.registry.Device;

/**
 * A device that proved who it is, on this request. Only {@link DeviceAuthenticator} makes it.
 *
 * <p><b>Security guarantees.</b> It holds the key of a certificate that verified, that is in the
 * ledger, was not revoked or retired, and whose device is active, all as of the last committed
 * change.
 */
public final class AuthenticatedDevice {
  private final Device device;
  private final Sha256 keyHash;
  private final long certificateId;

  AuthenticatedDevice(Device device, Sha256 keyHash, long certificateId) {
    this.device = device;
    this.keyHash = keyHash;
    this.certificateId = certificateId;
  }

  public long id() {
    return device.id();
  }

  public DeviceSerial serial() {
    return device.serial();
  }

  /** The registry's row, as of this request. */
  public Device device() {
    return device;
  }

  /** The key it used, for provenance. */
  public Sha256 keyHash() {
    return keyHash;
  }

  /** The ledger's number of the certificate it used. */
  public long certificateId() {
    return certificateId;
  }

  /** How it proved itself. */
  public int level() {
    return Level.MUTUAL_TLS;
  }

  @Override
  public String toString() {
    return "AuthenticatedDevice[" + serial() + ", level " + level() + "]";
  }
}
