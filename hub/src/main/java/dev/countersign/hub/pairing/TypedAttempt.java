// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.pairing;

import dev.countersign.protocol.pairing.Spake2Verifier;

/**
 * The first half of an attempt with a typed code. It belongs to the connection that made it, and is
 * good for one second half.
 */
public final class TypedAttempt {
  private final Spake2Verifier verifier;
  private final Window window;
  private boolean used;

  TypedAttempt(Spake2Verifier verifier, Window window) {
    this.verifier = verifier;
    this.window = window;
  }

  Spake2Verifier verifier() {
    return verifier;
  }

  boolean isOf(Window open) {
    return window == open;
  }

  /** True once. */
  boolean use() {
    boolean first = !used;
    used = true;
    return first;
  }
}
