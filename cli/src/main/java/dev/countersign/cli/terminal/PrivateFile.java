// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A new file for secrets, readable by its owner alone from its first byte on. Made before the
 * secret exists, so that a full or forbidden place is known in time; gone again unless {@link
 * #keep} was called.
 */
public final class PrivateFile implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private boolean kept;

  private PrivateFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Makes the file. Never writes over one that is there: it may hold the only copy of a secret. */
  public static PrivateFile create(Path path) throws CommandException {
    try {
      return new PrivateFile(
          path,
          FileChannel.open(
              path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly()));
    } catch (FileAlreadyExistsException e) {
      throw CommandException.refused(path + " exists already", "name a new file, or move it away");
    } catch (NoSuchFileException e) {
      throw CommandException.refused(
          "cannot make " + path + ": its directory does not exist", "make the directory first");
    } catch (IOException e) {
      throw cannotWrite(path, e);
    }
  }

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /** Adds text at the end. */
  public void write(String text) throws CommandException {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw cannotWrite(path, e);
    }
  }

  /** The content counts: it is on the disk when this returns, and stays. */
  public void keep() throws CommandException {
    try {
      channel.force(true);
      kept = true;
    } catch (IOException e) {
      throw cannotWrite(path, e);
    }
  }

  private static CommandException cannotWrite(Path path, IOException e) {
    return CommandException.refused(
        "cannot write " + path + ": " + Problems.reason(e),
        "name a file in a directory that you may write to and that has room");
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() throws CommandException {
    try {
      channel.close();
      if (!kept) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw cannotWrite(path, e);
    }
  }
}
