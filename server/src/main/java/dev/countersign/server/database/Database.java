// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.database;

import org.jspecify.annotations.Nullable;

/**
 * A transactional store. Thread-safe; the calling thread waits until its work is done, whether it
 * is interrupted or not.
 *
 * <p>A work must not keep its {@link Transaction} beyond its end, and should not wait for anything
 * outside: all writes of the process pass through one writer, one after the other.
 */
public interface Database extends AutoCloseable {
  /**
   * Runs a work that changes nothing, on a consistent view of what is committed.
   *
   * @throws E what the work throws
   * @throws OverloadedException if no connection became free in time
   * @throws DatabaseException if the database cannot be read
   * @throws IllegalStateException within a work of {@link #write}, which has a transaction already
   */
  <T extends @Nullable Object, E extends Exception> T read(Work<T, E> work) throws E;

  /**
   * Runs a work all or nothing, and returns when it is on disk. What the work throws undoes this
   * work alone and comes out here. As in PostgreSQL, a work one of whose statements failed is
   * undone even if it caught the exception.
   *
   * @throws E what the work throws
   * @throws OverloadedException if too many works wait; this one did not run
   * @throws DatabaseException if the database did not take it; then nothing of it may be relied on
   * @throws IllegalStateException within a work of this method or one of its hooks: it would wait
   *     for itself
   */
  <T extends @Nullable Object, E extends Exception> T write(Work<T, E> work) throws E;

  /** Finishes what is queued, and closes. Later calls are refused. */
  @Override
  void close();
}
