// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Who runs SPAKE2+ and where (RFC 9383 §3.1). A hub that is somebody else, or a connection that is
 * another one, ends in other keys.
 *
 * @param context {@code "cs1-pair" ‖} channel binding
 * @param prover empty: a phone has no name yet
 * @param verifier hub id ‖ SHA-256 of the hub's SubjectPublicKeyInfo
 */
@SuppressWarnings("ArrayRecordComponent") // hashed at once, never compared
record Spake2Parties(byte[] context, byte[] prover, byte[] verifier) {
  private static final byte[] LABEL = "cs1-pair".getBytes(US_ASCII);

  static Spake2Parties of(HubId hub, Sha256 hubKey, byte[] channelBinding) {
    if (channelBinding.length != PairingKeys.CHANNEL_BINDING_BYTES) {
      throw new IllegalArgumentException(
          "channel binding: expected 32 bytes, got " + channelBinding.length);
    }
    return new Spake2Parties(
        join(LABEL, channelBinding), new byte[0], join(hub.bytes(), hubKey.bytes()));
  }

  private static byte[] join(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  /** RFC 9383 §3.2: the length in 8 bytes, little-endian, and the bytes. */
  static void append(ByteArrayOutputStream out, byte[] bytes) {
    byte[] length =
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(bytes.length)
            .array();
    out.write(length, 0, length.length);
    out.write(bytes, 0, bytes.length);
  }
}
