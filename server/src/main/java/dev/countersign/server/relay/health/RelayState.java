// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.health;

import java.util.Locale;

/** How a relay is doing, in one word. */
public enum RelayState {
  /** An operator closed it. */
  FROZEN,
  /** Nothing came through it. */
  UNUSED,
  /** Messages were changed, sent again or given under another name within the last week. */
  SUSPICIOUS,
  /** More than one in a hundred gets lost. */
  UNRELIABLE,
  GOOD;

  /** As the operator API writes it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
