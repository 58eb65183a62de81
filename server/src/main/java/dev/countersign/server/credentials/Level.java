// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.credentials;

/** How a device proved itself, from weak to strong (docs/protocol.md, Levels). */
public final class Level {
  /** Messages with a MAC, by a key derived from a pre-set secret. */
  public static final int MAC = 1;

  /** Messages sealed end to end, by keys derived from a pre-set secret. */
  public static final int SEALED = 2;

  /** TLS with a key derived from a pre-set secret. */
  public static final int PRE_SHARED_KEY = 3;

  /** A certificate of its own, by mutual TLS. */
  public static final int MUTUAL_TLS = 4;

  private Level() {}
}
