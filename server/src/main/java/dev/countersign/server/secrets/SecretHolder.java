// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.registry.Device;

/**
 * A device and one generation of its key, as of the last committed change. Whatever the status of
 * the device: who asks judges that, after the key has proved itself.
 */
public final class SecretHolder {
  private final Device device;
  private final StoredSecret secret;
  private final Opener opener;

  /** What unwraps. */
  interface Opener {
    DeviceKey open(Device device, StoredSecret secret);
  }

  SecretHolder(Device device, StoredSecret secret, Opener opener) {
    this.device = device;
    this.secret = secret;
    this.opener = opener;
  }

  public Device device() {
    return device;
  }

  /** 1 to 255. */
  public int generation() {
    return secret.generation();
  }

  public SealedAlgorithm algorithm() {
    return secret.algorithm();
  }

  public KeyId keyId() {
    return secret.keyId();
  }

  /** Whether somebody else may know the secret. */
  public boolean exposed() {
    return secret.exposed();
  }

  /**
   * The device's key, unwrapped anew on each call. The caller closes it at once, and keeps nothing
   * that is derived from it beyond its request.
   *
   * @throws DatabaseException if it cannot be opened
   */
  public DeviceKey open() {
    return opener.open(device, secret);
  }

  @Override
  public String toString() {
    return "SecretHolder[" + device.serial() + ", generation " + generation() + "]";
  }
}
