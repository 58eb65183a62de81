// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.agent;

import java.io.IOException;

/** The device's own files, and not its network. */
final class StorageFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private StorageFailedException(IOException cause) {
    super(String.valueOf(cause.getMessage()), cause);
  }

  /** Something that reads or writes files. */
  interface Access<T> {
    T run() throws IOException, InterruptedException;
  }

  /** Tells a failed file from a failed network. */
  static <T> T storage(Access<T> access) throws StorageFailedException, InterruptedException {
    try {
      return access.run();
    } catch (IOException e) {
      throw new StorageFailedException(e);
    }
  }

  /** Something that reads or writes files. */
  interface Action {
    void run() throws IOException, InterruptedException;
  }

  static void storing(Action action) throws StorageFailedException, InterruptedException {
    try {
      action.run();
    } catch (IOException e) {
      throw new StorageFailedException(e);
    }
  }
}
