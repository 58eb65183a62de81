// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.database;

import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A work on its way through the writer, and its caller who waits. */
final class PendingWork<T extends @Nullable Object, E extends Exception> {
  private final Work<T, E> work;
  private final CountDownLatch settled = new CountDownLatch(1);
  private @Nullable SqlTransaction tx;
  private @Nullable T result;
  private @Nullable Throwable failure;

  PendingWork(Work<T, E> work) {
    this.work = work;
  }

  /** Runs the work; what it throws is kept for the caller. Returns whether it may be committed. */
  boolean run(SqlTransaction transaction) {
    tx = transaction;
    try {
      result = work.run(transaction);
      transaction.end();
      return true;
    } catch (Throwable e) { // whatever it is, it belongs to the caller and not to the writer
      failure = e;
      return false;
    }
  }

  /** The work is undone. */
  void rolledBack() {
    if (tx != null) {
      tx.rolledBack();
    }
  }

  /** The whole group is undone, and with it this work, whatever had come of it. */
  void lost(Throwable cause) {
    rolledBack();
    var fault = SqliteFaults.fault("the database did not take the write: " + cause, cause);
    if (failure != null) {
      fault.addSuppressed(failure);
    }
    failure = fault;
  }

  /** Why the environment did not let it be done, if so. */
  @Nullable DatabaseException fault() {
    return failure instanceof DatabaseException fault ? fault : null;
  }

  /** The group is on disk. */
  void committed() {
    if (tx != null && failure == null) {
      tx.committed();
    }
  }

  /** Lets the caller go. */
  void settle() {
    settled.countDown();
  }

  /** Waits for the outcome. Not interruptible: the caller could not know what became of it. */
  T await() throws E {
    boolean interrupted = false;
    while (true) {
      try {
        settled.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return outcome();
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // E or unchecked, see Work; null only where T is
  private T outcome() throws E {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw (E) failure;
    }
    return result;
  }
}
