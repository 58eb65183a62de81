// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import dev.countersign.client.storage.DurableFile;
import dev.countersign.protocol.keys.DeviceKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A device's secret in a file, as production wrote it: its exact bytes. One line end at the end,
 * which editors and {@code echo} add, is not part of it.
 */
public final class SecretFile {
  private static final int MAX_BYTES = 4096;

  private final Path file;

  public SecretFile(Path file) {
    this.file = file;
  }

  /**
   * The key of the secret.
   *
   * @throws IOException if there is no such file, or nothing in it
   */
  public DeviceKey read() throws IOException {
    byte[] content =
        DurableFile.read(file, MAX_BYTES)
            .orElseThrow(() -> new IOException(file + ": there is no such file"));
    try {
      int length = lengthWithoutLineEnd(content);
      if (length == 0) {
        throw new IOException(file + ": expected a secret, got nothing");
      }
      byte[] secret = Arrays.copyOf(content, length);
      try {
        return DeviceKey.ofSecret(secret);
      } finally {
        Arrays.fill(secret, (byte) 0);
      }
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  private static int lengthWithoutLineEnd(byte[] content) {
    int length = content.length;
    if (length > 0 && content[length - 1] == '\n') {
      length--;
      if (length > 0 && content[length - 1] == '\r') {
        length--;
      }
    }
    return length;
  }
}
