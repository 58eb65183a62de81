// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import dev.countersign.server.database.Database;
import dev.countersign.server.registry.Devices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;

/** Shared keys without files. */
public final class TestSecrets {
  private TestSecrets() {}

  /** Keys that are kept in this store, under a key-encryption key that nobody else has. */
  public static SharedSecrets of(Database database, Devices devices, DeviceSecrets secrets) {
    var random = new SecureRandom();
    var key = new byte[KeyEncryptionKey.BYTES];
    random.nextBytes(key);
    try {
      return SharedSecrets.open(
          database, devices, secrets, KeyEncryptionKeys.of(key, random), 1000, random);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
