// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives out the sequence numbers of one key, each once for ever: also over power cuts, and also if
 * the storage loses what it held.
 *
 * <p><b>Security guarantees.</b> A number is given out only when a bound above it is durable, and
 * after a start the first one is the bound. Without a stored bound none is given out, until {@link
 * #begin} was called with a context that was never used, or {@link #goOn} with a number of the
 * server's. A number used twice would give the key stream away.
 *
 * <p>Not thread-safe.
 */
public final class SequenceNumbers {
  /** So many numbers are reserved with one write, and lost with a power cut. */
  static final int RESERVED = 64;

  /** Half of what RFC 8613 allows: time enough for a new context. */
  static final long END = 1L << 39;

  private final NumbersStorage storage;
  private @Nullable Numbers stored;
  private long next;

  private SequenceNumbers(NumbersStorage storage, @Nullable Numbers stored) {
    this.storage = storage;
    this.stored = stored;
    this.next = stored == null ? 0 : stored.bound();
  }

  /** Goes on behind everything that may have been used. */
  public static SequenceNumbers open(NumbersStorage storage) throws IOException {
    return new SequenceNumbers(storage, storage.load().orElse(null));
  }

  /** Whether there are none to give: they were lost, never begun, or used up. */
  public boolean isLost() {
    return stored == null || next >= END;
  }

  /**
   * The next number. A bound above it is durable when this returns.
   *
   * @throws IOException if that could not be stored; then no number was given
   */
  public long next() throws IOException {
    if (isLost()) {
      throw new IllegalStateException("there are no numbers: begin a context first");
    }
    Numbers current = numbers();
    if (next >= current.bound()) {
      Numbers higher = current.upTo(next + RESERVED);
      storage.store(higher);
      stored = higher;
    }
    return next++;
  }

  /** What is known of the context; there is one unless {@link #isLost}. */
  Numbers numbers() {
    if (stored == null) {
      throw new IllegalStateException("there are no numbers");
    }
    return stored;
  }

  /** The ID Context, if there is one. */
  Optional<byte[]> context() {
    return stored == null ? Optional.empty() : stored.context();
  }

  /**
   * Begins at 0 under a new context.
   *
   * @param context with random bytes of this device in it, made for this call
   */
  void begin(byte[] context) throws IOException {
    if (context().filter(old -> Arrays.equals(old, context)).isPresent()) {
      throw new IllegalArgumentException("expected a context that was never used");
    }
    var first = new Numbers(context, true, RESERVED);
    storage.store(first);
    stored = first;
    next = 0;
  }

  /** Goes on at a number that the server says was not used; never below the own bound. */
  void goOn(long from) throws IOException {
    long begin = Math.max(from, next);
    if (begin >= END) {
      throw new IOException("the sequence numbers of this key are used up: it needs a new one");
    }
    var resumed = new Numbers(new byte[0], false, begin + RESERVED);
    storage.store(resumed);
    stored = resumed;
    next = begin;
  }

  /** The server has answered under the context: requests need not name it any more. */
  void known() throws IOException {
    Numbers current = numbers();
    if (current.announced()) {
      Numbers quiet = current.known();
      storage.store(quiet);
      stored = quiet;
    }
  }
}
