// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import dev.countersign.protocol.ProtocolException;
import java.util.Optional;

/** Answers requests. Used by many threads. */
@FunctionalInterface
public interface Handler {
  /** Answers one request, as blocking code on a virtual thread. */
  Answer handle(Exchange exchange) throws ProtocolException;

  /**
   * Answers one request on the event loop, which saves the way to another thread and back: for
   * small things that are at hand in memory. Must not wait for anything, not even for a row to be
   * read; a commit may be waited for by {@link Answer.Later}. Never {@link Answer.Lines}.
   *
   * @return empty if nothing was done, and {@link #handle} shall do it
   */
  default Optional<Answer> handleAtOnce(Exchange exchange) throws ProtocolException {
    return Optional.empty();
  }
}
