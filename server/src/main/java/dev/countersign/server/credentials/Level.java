// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.credentials;

/** How a device proved itself, from weak to strong (docs/protocol.md, Levels). */
public final class Level {
  /** A certificate of its own, by mutual TLS. */
  public static final int MUTUAL_TLS = 4;

  private Level() {}
}
