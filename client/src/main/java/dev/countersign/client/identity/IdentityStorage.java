// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.identity;

import dev.countersign.protocol.Sha256;
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
  /**
   * The key of the certificate request that is under way, made on this device; a new one if none
   * is. Durable when it returns: if the answer is lost, or the power fails before it is stored, the
   * next request asks for the same certificate again. Otherwise a one-time token could be spent on
   * a key that nobody has any more.
   */
  KeyPair requestKey() throws IOException, GeneralSecurityException;

  /** Gives up the key of the request under way: the server will not certify it. */
  void discardRequestKey() throws IOException;

  /**
   * Notes that a token has done what it could: it enrolled this device, or was refused. Durable
   * when it returns.
   *
   * @param token its {@link dev.countersign.protocol.est.EnrolmentToken#secretHash}
   */
  void tokenSpent(Sha256 token) throws IOException;

  /** Whether this is the token that was noted last. */
  boolean isTokenSpent(Sha256 token) throws IOException;

  /** The identity that was stored last. */
  Optional<DeviceIdentity> load() throws IOException;

  /**
   * Keeps this identity in place of the one before it; durable when it returns. Its request is no
   * longer under way.
   */
  void store(DeviceIdentity identity) throws IOException;
}
