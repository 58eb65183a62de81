// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * A SHA-256 digest that names something public: a key, a certificate, a document.
 *
 * <p>Immutable, with the equality of its bytes. Not for secrets: {@code equals} is not constant
 * time.
 */
public final class Sha256 implements Comparable<Sha256> {
  public static final int BYTES = 32;

  private final byte[] bytes;

  private Sha256(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The digest of these bytes. */
  public static Sha256 of(byte[] data) {
    return new Sha256(digest(data));
  }

  /** Wraps a digest that was computed before. */
  public static Sha256 wrap(byte[] digest) {
    if (digest.length != BYTES) {
      throw new IllegalArgumentException("expected 32 bytes, got " + digest.length);
    }
    return new Sha256(digest.clone());
  }

  /** Reads 64 hexadecimal digits. */
  public static Sha256 parseHex(String hex) {
    return wrap(Hexadecimal.decode(hex));
  }

  private static byte[] digest(byte[] data) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(data);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  /** 64 lower-case hexadecimal digits. */
  public String hex() {
    return Hexadecimal.encode(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Sha256 that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public int compareTo(Sha256 other) {
    for (int i = 0; i < BYTES; i++) {
      if (bytes[i] != other.bytes[i]) {
        return Integer.compare(bytes[i] & 0xff, other.bytes[i] & 0xff);
      }
    }
    return 0;
  }

  @Override
  public String toString() {
    return hex();
  }
}
