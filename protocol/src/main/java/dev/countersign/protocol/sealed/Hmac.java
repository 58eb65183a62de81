// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import dev.countersign.protocol.keys.Hkdf;

/** HMAC with SHA-256 (RFC 2104). No key lives on in one. */
final class Hmac {
  static final int BYTES = 32;

  private Hmac() {}

  static byte[] sha256(byte[] key, byte[] data) {
    // RFC 5869 §2.2: extracting is HMAC, with the salt as key.
    return Hkdf.extract(key, data);
  }
}
