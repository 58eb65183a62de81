// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.journal;

import java.util.Locale;

/** How far an attempt got, in the order in which a device passes through. */
public enum Step {
  CONNECTION,
  HANDSHAKE,
  CREDENTIAL,
  ENROLMENT,
  REQUEST;

  /** As the operator API writes it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
