// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.audit;

import dev.countersign.protocol.Sha256;

/** What the verification of the journal found. */
public sealed interface AuditVerification {
  /** Every entry is as it was written; the head is worth noting elsewhere. */
  record Intact(long entries, Sha256 head) implements AuditVerification {}

  /**
   * The journal is not as it was written.
   *
   * @param number the first entry that is wrong or missing
   */
  record Broken(long number, String reason) implements AuditVerification {}
}
