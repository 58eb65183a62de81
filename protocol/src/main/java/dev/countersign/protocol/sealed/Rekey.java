// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.cbor.CborReader;
import dev.countersign.protocol.cbor.CborWriter;

/**
 * What goes into the next generation of a device's key (docs/protocol.md, A new key). Offer and
 * answer have one form: {@code {1: next generation, 2: public key or secret}}.
 *
 * @param generation the one that begins
 * @param content an uncompressed P-256 key of 65 bytes; from the server also 32 random bytes, for a
 *     device without elliptic curves; empty in the answer of such a device
 */
@SuppressWarnings("ArrayRecordComponent") // encoded at once, never compared
public record Rekey(int generation, byte[] content) {
  /** An uncompressed P-256 point. */
  public static final int POINT_BYTES = 65;

  /** What a device without elliptic curves is given. */
  public static final int SECRET_BYTES = 32;

  private static final int GENERATION = 1;
  private static final int CONTENT = 2;

  /** Reads either message. */
  public static Rekey decode(byte[] body) throws MalformedException {
    var in = new CborReader(body);
    if (in.map("rekey") != 2 || in.unsigned("rekey") != GENERATION) {
      throw new MalformedException("rekey", "expected {1: generation, 2: key}");
    }
    long generation = in.unsigned("generation");
    if (generation < 2 || generation > 255 || in.unsigned("rekey") != CONTENT) {
      throw new MalformedException("rekey", "expected {1: generation of 2 to 255, 2: key}");
    }
    byte[] content = in.bytes("key", POINT_BYTES);
    in.end();
    if (content.length != POINT_BYTES && content.length != SECRET_BYTES && content.length != 0) {
      throw new MalformedException("key", "expected 65, 32 or no bytes, got " + content.length);
    }
    return new Rekey((int) generation, content);
  }

  /** Its bytes. */
  public byte[] encode() {
    return new CborWriter()
        .map(2)
        .unsigned(GENERATION)
        .unsigned(generation)
        .unsigned(CONTENT)
        .bytes(content)
        .toByteArray();
  }

  /**
   * What both sides put into {@link dev.countersign.protocol.keys.DeviceKey#next}: {@code ECDH x ‖
   * SHA-256(server's key ‖ device's key)}.
   */
  public static byte[] shared(byte[] x, byte[] serverKey, byte[] deviceKey) {
    return LostState.join(x, Sha256.of(LostState.join(serverKey, deviceKey)).bytes());
  }
}
