// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.pairing;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Set;

/**
 * Where the phone's keys live: files, Android's key store, a security module. One key for each hub
 * and each pairing, made here and never seen elsewhere.
 *
 * <p>On Android: {@code KeyPairGenerator.getInstance("EC", "AndroidKeyStore")} with purpose sign
 * and the digests {@code SHA256} and {@code NONE}, under the handle as its alias.
 */
public interface PhoneKeys {
  /**
   * Makes a key of P-256, durable when this returns.
   *
   * @param handle names it: letters, digits and hyphens; not used before
   */
  KeyPair create(String handle) throws IOException, GeneralSecurityException;

  /** The key of this name; its private half may be a handle without an encoding. */
  KeyPair open(String handle) throws IOException, GeneralSecurityException;

  /** Destroys a key if it is there. */
  void delete(String handle) throws IOException, GeneralSecurityException;

  /** The names of all keys that this SDK made here. */
  Set<String> handles() throws IOException, GeneralSecurityException;
}
