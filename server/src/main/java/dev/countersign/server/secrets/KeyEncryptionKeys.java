// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.installation.DataDirectory;
import dev.countersign.server.installation.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The key-encryption keys of an installation: the one that wraps, in {@code keys/kek.key}, and
 * while keys are being rewrapped the one before it, in {@code keys/kek.old.key}. Thread-safe.
 *
 * <p>Whatever the moment at which the process ends, every key in the registry opens with one of
 * these two files: the old key is beside the new one before the new one wraps anything, and goes
 * when it wraps nothing any more.
 */
public final class KeyEncryptionKeys {
  private final Path file;
  private final Path oldFile;
  private final SecureRandom random;
  private volatile State state;

  /**
   * @param lately the one that was old last, for requests that have read a key and not opened it
   */
  private record State(
      KeyEncryptionKey current, Optional<KeyEncryptionKey> old, Optional<KeyEncryptionKey> lately) {
    Optional<KeyEncryptionKey> find(KekId id) {
      return current.id().equals(id)
          ? Optional.of(current)
          : old.or(() -> lately).filter(key -> key.id().equals(id));
    }
  }

  private KeyEncryptionKeys(Path file, Path oldFile, State state, SecureRandom random) {
    this.file = file;
    this.oldFile = oldFile;
    this.state = state;
    this.random = random;
  }

  /**
   * Reads them.
   *
   * @throws IOException whose message says which file is wrong and what to do
   */
  public static KeyEncryptionKeys load(DataDirectory directory, SecureRandom random)
      throws IOException {
    Path file = directory.keyEncryptionKey();
    Path oldFile = directory.oldKeyEncryptionKey();
    KeyEncryptionKey current = read(file, random);
    Optional<KeyEncryptionKey> old =
        Files.exists(oldFile) ? Optional.of(read(oldFile, random)) : Optional.empty();
    // The same key twice is a replacement that ended before the new one was made.
    var state =
        new State(current, old.filter(key -> !key.id().equals(current.id())), Optional.empty());
    return new KeyEncryptionKeys(file, oldFile, state, random);
  }

  /** One that is in no file, and cannot be replaced. */
  static KeyEncryptionKeys of(byte[] key, SecureRandom random) {
    var state = new State(new KeyEncryptionKey(key, random), Optional.empty(), Optional.empty());
    return new KeyEncryptionKeys(Path.of("kek.key"), Path.of("kek.old.key"), state, random);
  }

  private static KeyEncryptionKey read(Path file, SecureRandom random) throws IOException {
    if (!Files.exists(file) || Files.size(file) != KeyEncryptionKey.BYTES) {
      throw new IOException(
          file + ": expected 32 bytes; restore keys/ from where you keep a copy of it");
    }
    byte[] key = Files.readAllBytes(file);
    try {
      return new KeyEncryptionKey(key, random);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** The one that wraps. */
  public KekId currentId() {
    return state.current().id();
  }

  /** The one before it, while its file is there. */
  public Optional<KekId> oldId() {
    return state.old().map(KeyEncryptionKey::id);
  }

  boolean has(KekId id) {
    return state.find(id).isPresent();
  }

  /** To be called within the transaction that stores the result, so that none is overlooked. */
  WrappedKey wrap(DeviceKey key, DeviceSerial serial, int generation) {
    return state.current().wrap(key, serial, generation);
  }

  /**
   * Opens a key, which the caller closes at once.
   *
   * @throws DatabaseException if the key-encryption key is not there, or the row was changed
   */
  DeviceKey unwrap(WrappedKey wrapped, DeviceSerial serial, int generation) {
    return state
        .find(wrapped.kekId())
        .orElseThrow(() ->
            new DatabaseException(
                "the key of %s is wrapped under %s, which is not in %s"
                    .formatted(serial, wrapped.kekId(), file.getParent())))
        .unwrap(wrapped, serial, generation);
  }

  /** By what the registry may know this key, under each of the key-encryption keys. */
  List<Sha256> fingerprints(DeviceKey key) {
    State now = state;
    var fingerprints = new ArrayList<Sha256>();
    fingerprints.add(now.current().fingerprint(key));
    now.old().ifPresent(old -> fingerprints.add(old.fingerprint(key)));
    return fingerprints;
  }

  /**
   * Makes a new key that wraps from now on, and keeps the present one as the old.
   *
   * @throws IllegalStateException if there is an old one still
   */
  synchronized void replace() throws IOException {
    State before = state;
    if (before.old().isPresent()) {
      throw new IllegalStateException("the old key is still there: " + oldFile);
    }
    copy(file, oldFile);
    var key = new byte[KeyEncryptionKey.BYTES];
    random.nextBytes(key);
    try {
      PrivateFiles.write(file, key);
      state =
          new State(
              new KeyEncryptionKey(key, random), Optional.of(before.current()), Optional.empty());
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    byte[] key = Files.readAllBytes(from);
    try {
      PrivateFiles.write(to, key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** Deletes the old key, which wraps nothing any more. */
  synchronized void forgetOld() throws IOException {
    PrivateFiles.delete(oldFile);
    state = new State(state.current(), Optional.empty(), state.old().or(state::lately));
  }

  @Override
  public String toString() {
    return "KeyEncryptionKeys[" + state.current().id() + ", content hidden]";
  }
}
