// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.ledger;

import java.time.Instant;
import java.util.Optional;

/**
 * What to look for in the ledger; what is empty does not matter.
 *
 * @param expiringBefore only issued and active certificates whose notAfter is before it
 * @param afterId only certificates with a higher id; 0 for all
 * @param limit at most so many
 */
public record CertificateQuery(
    Optional<CertificateKind> kind,
    Optional<String> subject,
    Optional<Instant> expiringBefore,
    Optional<CertificateState> state,
    long afterId,
    int limit) {}
