// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.ledger;

import java.util.Locale;

/** Where a certificate stands in its life. That it expired is in its dates, not here. */
public enum CertificateState {
  /** Handed out, not seen in use yet. */
  ISSUED,
  ACTIVE,
  /** A successor is in use. */
  RETIRED,
  REVOKED;

  /** The name outside: in JSON, in the database, on the command line. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
