// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.enrolment;

import dev.countersign.protocol.Sha256;
import java.time.Instant;
import java.util.Optional;

/**
 * The one-time token of a device, as it is kept: hashed.
 *
 * @param failures how often a wrong secret was presented
 * @param boundKey the key it was used for; only this key may use it again
 * @param certificateId what was issued for it, a number of the ledger
 */
public record TokenRecord(
    long deviceId,
    Sha256 secretHash,
    Instant createdAt,
    Instant expiresAt,
    int failures,
    boolean voided,
    Optional<Sha256> boundKey,
    Optional<Long> certificateId,
    Optional<Instant> usedAt) {}
