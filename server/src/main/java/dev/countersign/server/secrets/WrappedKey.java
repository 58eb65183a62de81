// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import dev.countersign.protocol.Sha256;

/**
 * A device key as it is stored: useless without the key-encryption key.
 *
 * <p>Immutable. The bytes are no secret, but nothing prints them.
 */
public final class WrappedKey {
  /** Nonce, ciphertext and tag. */
  static final int BYTES = 12 + 32 + 16;

  private final KekId kekId;
  private final byte[] bytes;
  private final Sha256 fingerprint;

  /**
   * @param bytes nonce (12), ciphertext (32), tag (16)
   * @param fingerprint the same for the same device key under the same key-encryption key; says
   *     nothing without that
   */
  public WrappedKey(KekId kekId, byte[] bytes, Sha256 fingerprint) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("expected " + BYTES + " bytes, got " + bytes.length);
    }
    this.kekId = kekId;
    this.bytes = bytes.clone();
    this.fingerprint = fingerprint;
  }

  public KekId kekId() {
    return kekId;
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  public Sha256 fingerprint() {
    return fingerprint;
  }

  @Override
  public String toString() {
    return "WrappedKey[kek=" + kekId + "]";
  }
}
