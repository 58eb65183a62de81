// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import java.util.Random;

/** Fails at a moment that nobody chose. */
final class Power {
  private final Random random;
  private int left = Integer.MAX_VALUE;

  Power(Random random) {
    this.random = random;
  }

  /** The process is gone. Not an exception: nothing in a device may catch it. */
  static final class LostError extends Error {
    private static final long serialVersionUID = 1L;

    LostError() {
      super("the power failed", null, false, false);
    }
  }

  /** From now on it fails within so many moments. */
  void failsWithin(int moments) {
    left = random.nextInt(moments);
  }

  void stays() {
    left = Integer.MAX_VALUE;
  }

  /** A moment at which it can fail. */
  void moment() {
    if (left-- <= 0) {
      throw new LostError();
    }
  }
}
