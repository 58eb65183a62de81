// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import java.util.Locale;

/** How a sealed message came in, and how its answer goes out. */
public enum Carriage {
  /** {@code POST /r}: option and ciphertext apart (RFC 8613 §11), or a token as text. */
  POST_R,
  /** {@code GET /r?o=}: a token in the query. */
  GET_R,
  /** {@code POST /hook/{relay}}: a token in a JSON document of a relay. */
  HOOK;

  /** As logs and journal write it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
