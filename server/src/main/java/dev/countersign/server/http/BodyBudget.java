// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes of request bodies that are held in memory until they are answered. Any thread. */
final class BodyBudget {
  private final long max;
  private final AtomicLong held = new AtomicLong();

  BodyBudget(long maxBytes) {
    this.max = maxBytes;
  }

  /** Takes room for so many more bytes, or nothing. */
  boolean tryTake(int bytes) {
    if (held.addAndGet(bytes) > max) {
      held.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void giveBack(int bytes) {
    held.addAndGet(-bytes);
  }

  /** Bytes held now. */
  long held() {
    return held.get();
  }
}
