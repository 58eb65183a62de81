// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.pairing;

import dev.countersign.hub.phones.Phone;
import java.time.Duration;

/**
 * A phone that has its certificate and has not confirmed it. Only ever in memory: a hub that loses
 * power here has no half-paired phone, and the code it had by then is void as well.
 */
record Pending(Phone phone, Terms terms, long endNanos) {
  /** docs/protocol.md, Pairing, step 5. */
  static final Duration LENGTH = Duration.ofSeconds(60);

  boolean isOver(long nowNanos) {
    return nowNanos - endNanos >= 0;
  }
}
