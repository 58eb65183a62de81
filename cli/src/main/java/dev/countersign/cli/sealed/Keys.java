// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.sealed;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.protocol.sealed.MacContext;
import dev.countersign.protocol.sealed.OscoreContext;
import java.util.Optional;

/** A device's key, for whichever side is played. */
record Keys(DeviceKey key, DeviceSerial serial, int generation, SealedAlgorithm algorithm)
    implements AutoCloseable {
  OscoreContext device(Optional<byte[]> idContext) {
    return OscoreContext.ofDevice(key, serial, generation, algorithm, idContext);
  }

  OscoreContext server(Optional<byte[]> idContext) {
    return OscoreContext.ofServer(key, serial, generation, algorithm, idContext);
  }

  MacContext mac() {
    return MacContext.of(key, serial, generation);
  }

  @Override
  public void close() {
    key.close();
  }
}
