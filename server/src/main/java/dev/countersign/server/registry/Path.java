// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.registry;

/**
 * The ways a device can take to this server. Each has a minimum level of its own, since one that
 * passes a relay cannot end TLS here (docs/protocol.md, Levels).
 */
public enum Path {
  /** Sealed messages, by whatever carries them: levels 0, 1 and 2. */
  RELAY,
  /** TLS that ends here: levels 0, 1, 3 and 4. */
  DIRECT
}
