// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * What came back was no sealed answer. Who said so is not proven: it is a hint, by which a device
 * may ask again in another way, and nothing else.
 */
public final class RelayRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What it hints at (docs/protocol.md §3, Outer errors). */
  public enum Hint {
    /** {@code e1.1}: nobody here has that key, or not under that context. */
    UNKNOWN,
    /** {@code e1.2}: altered on the way. */
    MALFORMED,
    /** {@code e1.3}: the number was used before. */
    REPLAY,
    /** {@code e1.9}: later. */
    OVERLOAD,
    /** Something else, of whoever stands in between. */
    NONE
  }

  private final Hint hint;
  private final long retryAfterSeconds;

  RelayRefusedException(Hint hint, long retryAfterSeconds, String message) {
    super(message);
    this.hint = hint;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  public Hint hint() {
    return hint;
  }

  /** When it wants to be asked again. */
  public Optional<Duration> retryAfter() {
    return retryAfterSeconds < 0
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(retryAfterSeconds));
  }
}
