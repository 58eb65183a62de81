// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import java.util.Arrays;
import java.util.Optional;

/**
 * Which sequence numbers of a key were, or may have been, used. Immutable.
 *
 * <p>Numbers below the bound may have been used; after a restart the device goes on at the bound.
 */
public final class Numbers {
  private final byte[] context;
  private final boolean announced;
  private final long bound;

  /**
   * Numbers of a context.
   *
   * @param context the ID Context (RFC 8613 appendix B.2); empty for none, as for a device that
   *     only computes MACs
   * @param announced requests still name the context, since the server has not answered under it
   * @param bound durable before the first number below it is used
   */
  public Numbers(byte[] context, boolean announced, long bound) {
    this.context = context.clone();
    this.announced = announced;
    this.bound = bound;
  }

  /** The ID Context, if there is one. */
  public Optional<byte[]> context() {
    return context.length == 0 ? Optional.empty() : Optional.of(context.clone());
  }

  public boolean announced() {
    return announced;
  }

  public long bound() {
    return bound;
  }

  Numbers upTo(long higher) {
    return new Numbers(context, announced, higher);
  }

  Numbers known() {
    return new Numbers(context, false, bound);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Numbers that
        && Arrays.equals(context, that.context)
        && announced == that.announced
        && bound == that.bound;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(bound);
  }
}
