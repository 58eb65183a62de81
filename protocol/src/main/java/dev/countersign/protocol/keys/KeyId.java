// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Hexadecimal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The name of a device's key on the wire: the first six bytes of SHA-256("cs1/kid" ‖ 00 ‖ serial ‖
 * generation). A name, never a proof, and not unique: among a million devices one collision is to
 * be expected in 500 fleets.
 */
public final class KeyId {
  public static final int BYTES = 6;

  /** RFC 8613 §5.2 gives it no bound; one byte is ample for a key that changes a few times. */
  public static final int MAX_GENERATION = 255;

  private static final byte[] DOMAIN = "cs1/kid\0".getBytes(US_ASCII);

  private final byte[] bytes;

  private KeyId(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The id of a device's key.
   *
   * @param generation 1 to 255
   */
  public static KeyId of(DeviceSerial serial, int generation) {
    requireGeneration(generation);
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(DOMAIN);
      sha256.update(serial.value().getBytes(US_ASCII));
      sha256.update((byte) generation);
      return new KeyId(Arrays.copyOf(sha256.digest(), BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  static void requireGeneration(int generation) {
    if (generation < 1 || generation > MAX_GENERATION) {
      throw new IllegalArgumentException("expected a generation from 1 to 255, got " + generation);
    }
  }

  /** The id with these six bytes. */
  public static KeyId wrap(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("expected 6 bytes, got " + bytes.length);
    }
    return new KeyId(bytes.clone());
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  /** 12 lower-case hexadecimal digits. */
  public String hex() {
    return Hexadecimal.encode(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyId that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return hex();
  }
}
