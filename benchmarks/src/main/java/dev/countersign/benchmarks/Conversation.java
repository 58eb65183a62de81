// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import io.netty.buffer.ByteBuf;

/** What is said on one connection, a request at a time. For the client's one thread. */
interface Conversation {
  /** The next request, for the caller to send. */
  ByteBuf next();

  /**
   * Looks at the answer.
   *
   * @throws Exception if it is not the one that was expected
   */
  void answered(HttpAnswer answer) throws Exception;

  /** The same bytes each time, and one status that is right. */
  record Repeated(ByteBuf request, int status) implements Conversation {
    @Override
    public ByteBuf next() {
      return request.retainedDuplicate();
    }

    @Override
    public void answered(HttpAnswer answer) {
      if (answer.status() != status) {
        throw new IllegalStateException("expected " + status + ", got " + answer.status());
      }
    }
  }
}
