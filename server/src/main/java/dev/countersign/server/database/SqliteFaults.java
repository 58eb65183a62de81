// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.database;

import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Tells a full disk from what else may go wrong with a file. */
final class SqliteFaults {
  private SqliteFaults() {}

  /** What to throw for this cause. */
  static DatabaseException fault(String message, @Nullable Throwable cause) {
    return isDiskFull(cause)
        ? new DiskFullException(message, cause)
        : new DatabaseException(message, cause);
  }

  private static boolean isDiskFull(@Nullable Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof DiskFullException
          || (at instanceof SQLiteException e
              && e.getResultCode() == SQLiteErrorCode.SQLITE_FULL)) {
        return true;
      }
    }
    return false;
  }
}
