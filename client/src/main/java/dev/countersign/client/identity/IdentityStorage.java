// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.identity;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Optional;

/**
 * Where a device keeps its identity: files, Android's key store, a secure element.
 *
 * <p>An identity is replaced whole or not at all, also if the power fails while it is written.
 */
public interface IdentityStorage {
  /** Makes a key on this device, to be kept with {@link #store}. */
  KeyPair makeKey() throws GeneralSecurityException;

  /** The identity that was stored last. */
  Optional<DeviceIdentity> load() throws IOException;

  /** Keeps this identity in place of the one before it; durable when it returns. */
  void store(DeviceIdentity identity) throws IOException;
}
