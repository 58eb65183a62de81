// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.installation;

import java.io.IOException;
import java.nio.file.Files;
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
  Path keyEncryptionKey() {
    return keys().resolve("kek.key");
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
