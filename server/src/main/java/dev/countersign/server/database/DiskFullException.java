// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.database;

import org.jspecify.annotations.Nullable;

/** The disk has no room, or too little to be given to devices; nothing was stored. */
public final class DiskFullException extends DatabaseException {
  private static final long serialVersionUID = 1L;

  public DiskFullException(String message) {
    super(message);
  }

  public DiskFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
