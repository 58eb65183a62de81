// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * What travels between a device and its maker: bytes to types and back, and pure verification.
 *
 * <p>Nothing here opens a socket, reads a clock, logs or stores. Whoever needs the time passes it
 * in.
 */
@org.jspecify.annotations.NullMarked
module dev.countersign.protocol {
  requires transitive org.jspecify;
  requires org.bouncycastle.provider;
  requires org.bouncycastle.util;
  requires org.bouncycastle.pkix;
  requires tools.jackson.core;
  requires tools.jackson.databind;
  requires java.json.canonicalization;

  exports dev.countersign.protocol;
  exports dev.countersign.protocol.cbor;
  exports dev.countersign.protocol.est;
  exports dev.countersign.protocol.keys;
  exports dev.countersign.protocol.pairing;
  exports dev.countersign.protocol.sealed;
  exports dev.countersign.protocol.settings;
  exports dev.countersign.protocol.telemetry;
  exports dev.countersign.protocol.x509;
}
