// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.registry;

import java.util.Locale;

/** Where a device stands. Only {@link #ACTIVE} may send and fetch. */
public enum DeviceStatus {
  /** Registered, never enrolled. */
  PENDING,
  ACTIVE,
  /** Held back by an operator for a while. */
  SUSPENDED,
  /** Shut out for good. */
  REVOKED;

  /** The name outside: in JSON, in the database, on the command line. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
