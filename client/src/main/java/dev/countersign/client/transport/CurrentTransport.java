// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.transport;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A transport that can be replaced while it is used: an exchange that is under way ends on the one
 * it began on, which is closed after the last of them. Safe for use by many threads.
 */
public final class CurrentTransport implements Transport {
  private Use use;
  private @Nullable Use before;

  public CurrentTransport(Transport first) {
    this.use = new Use(first);
  }

  /** A transport, and how many exchanges are under way on it. */
  private static final class Use {
    private final Transport transport;
    private int exchanges;

    Use(Transport transport) {
      this.transport = transport;
    }
  }

  @Override
  public Response exchange(Request request) throws IOException {
    Use mine = begin();
    try {
      return mine.transport.exchange(request);
    } finally {
      end(mine);
    }
  }

  private synchronized Use begin() {
    use.exchanges++;
    return use;
  }

  private void end(Use mine) {
    synchronized (this) {
      mine.exchanges--;
      if (mine != before || mine.exchanges > 0) {
        return;
      }
      before = null;
    }
    mine.transport.close();
  }

  /** From now on this one is used. */
  public void replace(Transport next) {
    Use older;
    Use idle = null;
    synchronized (this) {
      older = before; // whoever still waits there, two replacements ago, has waited long enough
      before = use;
      use = new Use(next);
      if (before.exchanges == 0) {
        idle = before;
        before = null;
      }
    }
    close(older);
    close(idle);
  }

  private static void close(@Nullable Use over) {
    if (over != null) {
      over.transport.close();
    }
  }

  @Override
  public void close() {
    Use last;
    Use older;
    synchronized (this) {
      last = use;
      older = before;
    }
    close(last);
    close(older);
  }
}
