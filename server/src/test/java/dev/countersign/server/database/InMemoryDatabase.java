// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.database;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Transactions over stores in memory, one at a time. The stores put back what they changed with
 * {@link Transaction#onRollback}.
 */
public final class InMemoryDatabase implements Database {
  private boolean closed;
  private @Nullable Memory current;

  @Override
  public synchronized <T extends @Nullable Object, E extends Exception> T read(Work<T, E> work)
      throws E {
    return run(work, new Memory(false));
  }

  @Override
  public synchronized <T extends @Nullable Object, E extends Exception> T write(Work<T, E> work)
      throws E {
    var tx = new Memory(true);
    boolean good = false;
    T result;
    try {
      result = run(work, tx);
      good = true;
    } finally {
      if (!good) {
        current = tx;
        tx.onRollback.reversed().forEach(Runnable::run);
        current = null;
      }
    }
    current = tx;
    tx.afterCommit.forEach(Runnable::run);
    current = null;
    return result;
  }

  private <T extends @Nullable Object, E extends Exception> T run(Work<T, E> work, Memory tx)
      throws E {
    if (closed) {
      throw new DatabaseException("the store is closed");
    }
    if (current != null) {
      throw new IllegalStateException("a transaction within a transaction");
    }
    current = tx;
    try {
      return work.run(tx);
    } finally {
      tx.ended = true;
      current = null;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  private static final class Memory implements Transaction {
    final boolean writes;
    final List<Runnable> afterCommit = new ArrayList<>();
    final List<Runnable> onRollback = new ArrayList<>();
    boolean ended;

    Memory(boolean writes) {
      this.writes = writes;
    }

    @Override
    public void afterCommit(Runnable hook) {
      check();
      afterCommit.add(hook);
    }

    @Override
    public void onRollback(Runnable hook) {
      check();
      onRollback.add(hook);
    }

    private void check() {
      if (ended || !writes) {
        throw new IllegalStateException("expected a write that has not ended");
      }
    }
  }
}
