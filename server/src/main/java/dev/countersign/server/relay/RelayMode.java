// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import java.util.Locale;
import java.util.Optional;

/** How a relay proves that it is one. */
public enum RelayMode {
  /** An HMAC over time, delivery, path and body. */
  SIGNED,
  /**
   * A fixed header, for relays that can do no better: whoever reads one delivery has it. Good for
   * accounting.
   */
  STATIC;

  /** As the operator API writes it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The mode of this name. */
  public static Optional<RelayMode> named(String text) {
    for (RelayMode mode : values()) {
      if (mode.wireName().equals(text)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }
}
