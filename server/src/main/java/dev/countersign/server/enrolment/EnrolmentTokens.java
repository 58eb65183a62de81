// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.enrolment;

import dev.countersign.protocol.Sha256;
import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.util.Optional;

/**
 * The enrolment token of each device, at most one. It goes with the device. Instants are kept to
 * the millisecond.
 *
 * <p>Changes to the token of a device that has none throw {@link IllegalStateException}.
 */
public interface EnrolmentTokens {
  /** Gives the device a new, unused token; what it had is gone. */
  void replace(
      Transaction tx, long deviceId, Sha256 secretHash, Instant createdAt, Instant expiresAt);

  Optional<TokenRecord> find(Transaction tx, long deviceId);

  /** Counts a wrong secret, and returns how many there were. */
  int addFailure(Transaction tx, long deviceId);

  void voidToken(Transaction tx, long deviceId);

  /** Binds the token to the key it was used for and to the certificate issued for it. */
  void use(Transaction tx, long deviceId, Sha256 key, long certificateId, Instant at);
}
