// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.audit;

import dev.countersign.protocol.Sha256;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One entry of the journal.
 *
 * @param number 1 for the first, then without gaps
 * @param at to the millisecond
 * @param actor the operator, the device or the part of the program that did it
 * @param type what happened, see {@link AuditEvent#type}
 * @param subject to whom or what
 * @param details what else there is to know, sorted by name
 * @param previous the hash of the entry before; 32 zero bytes in the first
 * @param hash of this entry, see {@link AuditChain}
 */
public record AuditEntry(
    long number,
    Instant at,
    String actor,
    String type,
    String subject,
    Map<String, String> details,
    Sha256 previous,
    Sha256 hash) {
  public AuditEntry {
    details = Collections.unmodifiableMap(new TreeMap<>(details));
  }
}
