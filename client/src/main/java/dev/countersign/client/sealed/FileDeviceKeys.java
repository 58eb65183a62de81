// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.keys.DeviceKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The secret where production put it, and the keys that followed it in a file of this SDK, {@code
 * DIR/sealed-keys} (0600). The secret's file is never changed: after a rekey it is worth nothing
 * any more, and the maker may erase it.
 *
 * <p>Apart from the numbers, which are written often: what is written seldom is lost seldom.
 */
public final class FileDeviceKeys implements DeviceKeys {
  private static final String LINE = "key \\d{1,3} [0-9a-f]{" + 2 * DeviceKey.BYTES + "}";

  private final SecretFile secret;
  private final int firstGeneration;
  private final CheckedFile file;

  /**
   * Keys of a secret.
   *
   * @param firstGeneration the generation of the secret's own key, 1 unless it was given anew
   * @param directory where the keys that follow are kept; it is there
   */
  public FileDeviceKeys(SecretFile secret, int firstGeneration, Path directory) {
    this.secret = secret;
    this.firstGeneration = firstGeneration;
    this.file = new CheckedFile(directory.resolve("sealed-keys"), "countersign sealed keys 1");
  }

  @Override
  public List<GenerationKey> load() throws IOException {
    var keys = new ArrayList<GenerationKey>();
    Optional<CheckedFile.Content> content = file.read();
    if (content.isPresent()) {
      for (String line : checked(content.get())) {
        keys.add(parse(line));
      }
    }
    // A secret that a person gave anew, with a higher generation, outdoes what followed the old.
    if (keys.isEmpty() || keys.get(0).generation() < firstGeneration) {
      keys.forEach(GenerationKey::close);
      return List.of(new GenerationKey(firstGeneration, secret.read()));
    }
    return keys;
  }

  private List<String> checked(CheckedFile.Content content) throws IOException {
    List<String> lines = content.lines();
    boolean whole =
        !lines.isEmpty()
            && lines.size() <= 2
            && lines.stream().allMatch(line -> line.matches(LINE));
    if (!whole) {
      throw new IOException(
          file.file()
              + ": damaged, and with it the key that the server knows; have the device imported"
              + " again with a new secret, and delete the file");
    }
    return lines;
  }

  private static GenerationKey parse(String line) {
    String[] parts = line.split(" ", -1);
    byte[] key = Hexadecimal.decode(parts[2]);
    try {
      return new GenerationKey(Integer.parseInt(parts[1]), DeviceKey.wrap(key));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  @Override
  public void follow(GenerationKey next) throws IOException {
    List<GenerationKey> keys = load();
    try {
      GenerationKey current = keys.get(0);
      if (next.generation() != current.generation() + 1) {
        throw new IllegalArgumentException("expected the generation after the one that counts");
      }
      file.write(List.of(line(current), line(next)));
    } finally {
      keys.forEach(GenerationKey::close);
    }
  }

  @Override
  public void settle(int generation) throws IOException {
    List<GenerationKey> keys = load();
    try {
      if (keys.size() > 1 && keys.get(1).generation() == generation) {
        file.write(List.of(line(keys.get(1))));
      }
    } finally {
      keys.forEach(GenerationKey::close);
    }
  }

  private static String line(GenerationKey key) {
    byte[] bytes = key.key().bytes(SecretAccess.insecure());
    try {
      return "key " + key.generation() + " " + Hexadecimal.encode(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
