// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import java.io.IOException;

/**
 * Carries a token to the server and the answer back, through whatever lies between. Not trusted
 * with anything: it may read lengths and times, and drop, repeat, reorder and invent.
 */
public interface Carrier extends AutoCloseable {
  /**
   * Carries one token.
   *
   * @return what came back, which may be anything; at most {@code SealedMessage.MAX_TOKEN_CHARS}
   *     characters
   * @throws RelayRefusedException if what came back is no token
   * @throws IOException if nothing came back in time
   */
  String exchange(String token) throws IOException;

  /** Characters of the longest token that it carries, there and back. */
  int maxTokenChars();

  /** Exchanges that are under way end with an exception. */
  @Override
  void close();
}
