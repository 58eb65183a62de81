// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.keys;

/** HMAC with SHA-256 (RFC 2104). No key lives on in one; tags are compared by the caller. */
public final class Hmac {
  public static final int BYTES = 32;

  private Hmac() {}

  /** The tag of these bytes. */
  public static byte[] sha256(byte[] key, byte[] data) {
    // RFC 5869 §2.2: extracting is HMAC, with the salt as key.
    return Hkdf.extract(key, data);
  }
}
