// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.disk;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a file system says of its space.
 *
 * @param freeBytes what this process may still write; less than what root may
 * @param totalBytes its size
 */
public record FreeSpace(long freeBytes, long totalBytes) {
  /** Of the file system that this file or directory is on. */
  public static FreeSpace of(Path path) throws IOException {
    FileStore store = Files.getFileStore(path);
    return new FreeSpace(store.getUsableSpace(), store.getTotalSpace());
  }
}
