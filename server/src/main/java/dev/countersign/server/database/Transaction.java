// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.database;

/**
 * The transaction a work runs in, to be passed on to the stores. Belongs to the thread that runs
 * the work and ends with it.
 */
public interface Transaction {
  /**
   * Runs this once the work is on disk and before {@link Database#write} returns; in the order of
   * registration. For what must follow from the commit, such as a cache or a wake-up.
   *
   * @throws IllegalStateException in a {@link Database#read}, which commits nothing
   */
  void afterCommit(Runnable hook);

  /**
   * Runs this if the work is undone, whatever the reason, and before {@link Database#write} throws;
   * the last registered first, as one undoes things.
   *
   * @throws IllegalStateException in a {@link Database#read}, which changes nothing
   */
  void onRollback(Runnable hook);
}
