// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.keys.SealedAlgorithm;
import java.util.Optional;

/** Both sides of one device's sealed messages. */
record Sides(OscoreContext device, OscoreContext server, MacContext mac) {
  private static final DeviceSerial SERIAL = new DeviceSerial("P1-00042187");

  static Sides of(String secret, SealedAlgorithm algorithm, Optional<byte[]> idContext) {
    try (DeviceKey key = DeviceKey.ofSecret(secret.getBytes(US_ASCII))) {
      return new Sides(
          OscoreContext.ofDevice(key, SERIAL, 1, algorithm, idContext),
          OscoreContext.ofServer(key, SERIAL, 1, algorithm, idContext),
          MacContext.of(key, SERIAL, 1));
    }
  }

  static Sides of(SealedAlgorithm algorithm) {
    return of("a secret", algorithm, Optional.empty());
  }

  static byte[] kid() {
    return KeyId.of(SERIAL, 1).bytes();
  }
}
