// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.keys;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * HKDF with SHA-256 (RFC 5869). The caller zeroes what it gives and gets.
 *
 * <p>HMAC (RFC 2104) is put together here from the platform's digest, which uses the processor's
 * instructions; the platform's own HMAC would keep the key in an object that nobody can overwrite.
 */
public final class Hkdf {
  private static final int BLOCK_BYTES = 64;
  private static final int HASH_BYTES = 32;
  private static final int MAX_BLOCKS = 255;
  private static final byte INNER = 0x36;
  private static final byte OUTER = 0x5c;

  private Hkdf() {}

  /** RFC 5869 §2.2. It is HMAC of the input key, under the salt as the key. */
  public static byte[] extract(byte[] salt, byte[] inputKey) {
    MessageDigest sha256 = sha256();
    byte[] key = salt.length > BLOCK_BYTES ? sha256.digest(salt) : salt;
    var out = new byte[HASH_BYTES];
    hmac(sha256, key, out, inputKey, new byte[0]);
    return out;
  }

  /**
   * RFC 5869 §2.3.
   *
   * @param bytes at most 255 times 32
   */
  public static byte[] expand(byte[] pseudorandomKey, byte[] info, int bytes) {
    if (pseudorandomKey.length > BLOCK_BYTES || bytes > MAX_BLOCKS * HASH_BYTES) {
      throw new IllegalArgumentException("expected a key of a block and at most 8160 bytes");
    }
    MessageDigest sha256 = sha256();
    var out = new byte[bytes];
    var block = new byte[HASH_BYTES];
    byte[] labelled = Arrays.copyOf(info, info.length + 1);
    for (int at = 0, number = 1; at < bytes; at += HASH_BYTES, number++) {
      labelled[info.length] = (byte) number;
      hmac(sha256, pseudorandomKey, block, number == 1 ? new byte[0] : block, labelled);
      System.arraycopy(block, 0, out, at, Math.min(HASH_BYTES, bytes - at));
    }
    Arrays.fill(block, (byte) 0);
    return out;
  }

  /** Both steps. */
  public static byte[] derive(byte[] salt, byte[] inputKey, byte[] info, int bytes) {
    byte[] pseudorandomKey = extract(salt, inputKey);
    try {
      return expand(pseudorandomKey, info, bytes);
    } finally {
      Arrays.fill(pseudorandomKey, (byte) 0);
    }
  }

  /** Into {@code out}, which may be one of the parts. */
  private static void hmac(
      MessageDigest sha256, byte[] key, byte[] out, byte[] firstPart, byte[] secondPart) {
    byte[] padded = Arrays.copyOf(key, BLOCK_BYTES);
    try {
      flip(padded, INNER);
      sha256.update(padded);
      sha256.update(firstPart);
      sha256.update(secondPart);
      sha256.digest(out, 0, HASH_BYTES);
      flip(padded, (byte) (INNER ^ OUTER));
      sha256.update(padded);
      sha256.update(out);
      sha256.digest(out, 0, HASH_BYTES);
    } catch (DigestException e) {
      throw new AssertionError("32 bytes are enough for SHA-256", e);
    } finally {
      Arrays.fill(padded, (byte) 0);
      sha256.reset(); // overwrites what it holds of the last block
    }
  }

  private static void flip(byte[] bytes, byte with) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] ^= with;
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
