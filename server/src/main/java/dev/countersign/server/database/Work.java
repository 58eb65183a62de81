// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.database;

import org.jspecify.annotations.Nullable;

/** What is to be done in one transaction. */
@FunctionalInterface
public interface Work<T extends @Nullable Object, E extends Exception> {
  T run(Transaction tx) throws E;
}
