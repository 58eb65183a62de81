// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.ledger;

import java.util.Locale;

/** Whom a certificate is for. */
public enum CertificateKind {
  DEVICE,
  SERVER,
  OPERATOR,
  AUTHORITY;

  /** The name outside: in JSON, in the database, on the command line. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
