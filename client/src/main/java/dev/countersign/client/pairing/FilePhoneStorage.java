// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.pairing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.client.storage.DurableFile;
import dev.countersign.client.storage.StateDirectory;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.pairing.HubId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Hubs in files: {@code DIR/hubs/ID.json}, and {@code ID.pending.json} for what waits to be
 * confirmed; keys in {@code DIR/keys}. One file for each pairing, so that it is replaced in one
 * step. Not for two processes at once: lock the directory with {@link StateDirectory}.
 */
public final class FilePhoneStorage implements PhoneStorage {
  private static final int MAX_BYTES = 64 * 1024;
  private static final String HELD = ".json";
  private static final String PENDING = ".pending.json";

  private final Path directory;
  private final PhoneKeys keys;

  /**
   * Uses this directory, made if it is not there.
   *
   * @param directory nobody else's; access by others is closed
   */
  public FilePhoneStorage(Path directory) throws IOException {
    this(directory, new FilePhoneKeys(makeKeysIn(directory)));
  }

  /** With keys that live somewhere else. */
  public FilePhoneStorage(Path directory, PhoneKeys keys) throws IOException {
    StateDirectory.make(directory);
    this.directory = directory.resolve("hubs");
    this.keys = keys;
    StateDirectory.make(this.directory);
  }

  private static Path makeKeysIn(Path directory) throws IOException {
    StateDirectory.make(directory);
    return directory.resolve("keys");
  }

  @Override
  public synchronized List<StoredHub> hubs() throws IOException {
    return read(HELD);
  }

  @Override
  public synchronized List<StoredHub> pending() throws IOException {
    return read(PENDING);
  }

  private List<StoredHub> read(String suffix) throws IOException {
    var ids = new TreeSet<String>();
    try (Stream<Path> files = Files.list(directory)) {
      files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.matches("[0-9a-f]{16}" + suffix.replace(".", "\\.")))
          .forEach(ids::add);
    }
    var found = new ArrayList<StoredHub>();
    for (String name : ids) {
      Path file = directory.resolve(name);
      byte[] content =
          DurableFile.read(file, MAX_BYTES)
              .orElseThrow(() -> new IOException(file + " went away while it was read"));
      try {
        found.add(StoredHubJson.read(new String(content, UTF_8)));
      } catch (MalformedException e) {
        throw new IOException(file + ": expected a hub; delete it and pair again", e);
      }
    }
    return found;
  }

  @Override
  public synchronized void begin(StoredHub pairing) throws IOException {
    write(pairing, PENDING);
  }

  @Override
  public synchronized void keep(StoredHub pairing) throws IOException {
    // In this order: a power cut in between leaves one that is confirmed once more.
    write(pairing, HELD);
    abandon(pairing.id());
  }

  private void write(StoredHub pairing, String suffix) throws IOException {
    DurableFile.replace(
        directory.resolve(pairing.id() + suffix), StoredHubJson.write(pairing).getBytes(UTF_8));
  }

  @Override
  public synchronized void abandon(HubId hub) throws IOException {
    DurableFile.delete(directory.resolve(hub + PENDING));
  }

  @Override
  public synchronized void remove(HubId hub) throws IOException {
    abandon(hub);
    DurableFile.delete(directory.resolve(hub + HELD));
  }

  @Override
  public PhoneKeys keys() {
    return keys;
  }
}
