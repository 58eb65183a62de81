// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.keys.KeyPurpose;

/** A key that a device may hold. Its bytes exist only while a handshake works with them. */
public interface PreSharedKey {
  /** The registry's number of the device. */
  long deviceId();

  DeviceSerial serial();

  /** 1 to 255. */
  int generation();

  KeyId keyId();

  /** The key for one version of TLS: a new array, which the caller overwrites. */
  byte[] derive(KeyPurpose purpose);
}
