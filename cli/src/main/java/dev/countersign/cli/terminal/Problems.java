// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.terminal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Names the reason of a failed input or output in a few words. */
public final class Problems {
  private Problems() {}

  /** The reason without the file's name, which the caller has said already. */
  public static String reason(IOException problem) {
    if (problem instanceof NoSuchFileException) {
      return "no such file";
    } else if (problem instanceof AccessDeniedException) {
      return "permission denied";
    } else if (problem instanceof FileSystemException e && e.getReason() != null) {
      return e.getReason();
    }
    String message = problem.getMessage();
    return message == null || message.isBlank() ? problem.getClass().getSimpleName() : message;
  }
}
