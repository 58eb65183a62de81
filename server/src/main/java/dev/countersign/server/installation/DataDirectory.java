// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.installation;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/**
 * The directory of an installation: which file is where, and who may read it.
 *
 * <pre>
 * DIR/root.pem            what devices trust
 * DIR/operator.pem        the first operator's identity                       0600
 * DIR/countersign.yaml    configuration, no secrets
 * DIR/layout              version of this layout
 * DIR/clock               the last known time
 * DIR/offline/root.key    the root's key, encrypted; to be moved away         0600
 * DIR/ca/*.pem            certificates of the authorities
 * DIR/keys/*.key, *.pem   keys of the issuing authorities and the server, KEK 0700
 * DIR/registry.db         devices, credentials, settings, ledger, audit log
 * DIR/readings/           readings and sequence numbers
 * </pre>
 */
public record DataDirectory(Path path) {
  /** Rises when a newer program writes what this one would misread. */
  static final int LAYOUT = 1;

  private static final long MIB = 1 << 20;
  private static final long ROOM_TO_OPEN_BYTES = 32 * MIB;

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  public Path root() {
    return path.resolve("root.pem");
  }

  public Path operatorIdentity() {
    return path.resolve("operator.pem");
  }

  public Path config() {
    return path.resolve("countersign.yaml");
  }

  public Path registry() {
    return path.resolve("registry.db");
  }

  public Path readings() {
    return path.resolve("readings");
  }

  /** The last time that was known, for finding out whether the machine's clock is right. */
  public Path clock() {
    return path.resolve("clock");
  }

  Path layout() {
    return path.resolve("layout");
  }

  public Path offlineRootKey() {
    return offline().resolve("root.key");
  }

  public Path keys() {
    return path.resolve("keys");
  }

  Path offline() {
    return path.resolve("offline");
  }

  Path authorities() {
    return path.resolve("ca");
  }

  Path key(String name) {
    return keys().resolve(name + ".key");
  }

  Path authority(String name) {
    return authorities().resolve(name + ".pem");
  }

  /** The server's certificate chain; beside its key, since both are replaced together. */
  Path serverChain() {
    return keys().resolve("server.pem");
  }

  /** The key-encryption key: 32 bytes, for secrets in the registry. */
  public Path keyEncryptionKey() {
    return keys().resolve("kek.key");
  }

  /** The one before it, while some secrets still need it. */
  public Path oldKeyEncryptionKey() {
    return keys().resolve("kek.old.key");
  }

  /**
   * Refuses a directory that is none of ours, of a newer program, or open to others.
   *
   * @throws IOException whose message is one line with what to do
   */
  public void check() throws IOException {
    if (!Files.isDirectory(path) || !Files.isRegularFile(layout())) {
      throw new IOException(
          path
              + " is no Countersign data directory; 'countersign init --data "
              + path
              + "' makes one");
    }
    int found = layoutVersion();
    if (found > LAYOUT) {
      throw new IOException(
          path
              + " was written by a newer Countersign (layout "
              + found
              + ", this one knows "
              + LAYOUT
              + "); run that version or a later one");
    }
    requirePrivate(keys());
    try (var files = Files.list(keys())) {
      for (Path file : (Iterable<Path>) files::iterator) {
        requirePrivate(file);
      }
    }
  }

  /**
   * Refuses a directory that cannot be written to, or has no room to begin with.
   *
   * @throws IOException whose message is one line with what to do
   */
  void checkWritable() throws IOException {
    requireWritable(path);
    requireWritable(keys());
    requireWritable(registry());
    if (Files.exists(readings())) {
      requireWritable(readings());
    }
    requireRoom(path);
    if (Files.exists(readings())) {
      requireRoom(readings());
    }
  }

  private static void requireWritable(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (Files.isWritable(file)) {
      return;
    }
    if (Files.getFileStore(file).isReadOnly()) {
      throw new IOException(
          file
              + " is on a file system that is mounted read-only; Linux does that after a fault of"
              + " the disk ('dmesg' tells), else mount it for writing");
    }
    throw new IOException(
        file
            + " cannot be written to by the user "
            + System.getProperty("user.name")
            + "; run as the user who made it, or change its owner with chown -R");
  }

  /** What the stores write while they open: logs go into tables then, and new logs begin. */
  private static void requireRoom(Path directory) throws IOException {
    FileStore store = Files.getFileStore(directory);
    long free = store.getUsableSpace();
    if (store.getTotalSpace() > 0 && free < ROOM_TO_OPEN_BYTES) {
      throw new IOException(
          "the disk is full: expected at least %d MiB free for %s, got %d; make room and start again"
              .formatted(ROOM_TO_OPEN_BYTES / MIB, directory, free / MIB));
    }
  }

  private int layoutVersion() throws IOException {
    String text = Files.readString(layout()).strip();
    if (!text.matches("\\d{1,6}")) {
      throw new IOException(layout() + ": expected a version number; restore the file");
    }
    return Integer.parseInt(text);
  }

  private static void requirePrivate(Path file) throws IOException {
    Set<PosixFilePermission> open = EnumSet.copyOf(OTHERS);
    open.retainAll(Files.getPosixFilePermissions(file));
    if (!open.isEmpty()) {
      throw new IOException(
          file
              + " is open to others; 'chmod -R go-rwx "
              + file
              + "' closes it. If others had"
              + " access to this machine, treat the keys as stolen");
    }
  }
}
