// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory that belongs to one process and one user: 0700, and locked until it is closed. Two
 * agents on one state would use one sequence number for two messages.
 */
public final class StateDirectory implements AutoCloseable {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private final Path path;
  private final FileChannel lock;

  private StateDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /** Somebody else has the directory. */
  public static final class InUseException extends IOException {
    private static final long serialVersionUID = 1L;

    InUseException(Path path) {
      super(path + " is in use by another process");
    }
  }

  /**
   * Makes the directory if it is not there, closes it to others, and locks it.
   *
   * @throws InUseException if another process, or another part of this one, has it
   */
  public static StateDirectory open(Path path) throws IOException {
    make(path);
    FileChannel channel =
        FileChannel.open(
            path.resolve("lock"),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      if (lock(channel) == null) {
        throw new InUseException(path);
      }
      return new StateDirectory(path, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Makes a directory for its owner alone, or closes one that is there to others. */
  public static void make(Path path) throws IOException {
    if (!Files.exists(path)) {
      Files.createDirectories(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      DurableFile.syncDirectoryOf(path);
    } else if (!Files.getPosixFilePermissions(path).equals(OWNER_ONLY)) {
      Files.setPosixFilePermissions(path, OWNER_ONLY);
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  public Path path() {
    return path;
  }

  /** Gives the directory to the next. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
