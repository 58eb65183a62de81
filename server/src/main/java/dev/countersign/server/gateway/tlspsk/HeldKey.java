// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway.tlspsk;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.keys.KeyPurpose;
import dev.countersign.server.secrets.SecretHolder;
import dev.countersign.server.tls.psk.PreSharedKey;

/** A device's key, unwrapped only for as long as a key for TLS is derived from it. */
record HeldKey(SecretHolder holder) implements PreSharedKey {
  @Override
  public long deviceId() {
    return holder.device().id();
  }

  @Override
  public DeviceSerial serial() {
    return holder.device().serial();
  }

  @Override
  public int generation() {
    return holder.generation();
  }

  @Override
  public KeyId keyId() {
    return holder.keyId();
  }

  @Override
  public byte[] derive(KeyPurpose purpose) {
    try (DeviceKey key = holder.open()) {
      return key.derive(purpose, serial(), generation(), SecretAccess.insecure());
    }
  }
}
