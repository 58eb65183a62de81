// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.keys;

/** What a derived key is for. One key never serves two purposes, directions or TLS versions. */
public enum KeyPurpose {
  /** The Master Secret of RFC 8613 §3.2. */
  OSCORE_MASTER_SECRET("oscore-ms", 16),
  /** The Master Salt of RFC 8613 §3.2. */
  OSCORE_SALT("oscore-salt", 8),
  /** HMAC over requests. */
  MAC_DEVICE_TO_SERVER("mac-d2s", 32),
  /** HMAC over answers. */
  MAC_SERVER_TO_DEVICE("mac-s2d", 32),
  /** External PSK of TLS 1.3. */
  TLS13_PSK("tls13-psk", 32),
  /** PSK of TLS 1.2. RFC 9257 §4: not the same as for 1.3. */
  TLS12_PSK("tls12-psk", 32);

  private final String label;
  private final int bytes;

  KeyPurpose(String label, int bytes) {
    this.label = label;
    this.bytes = bytes;
  }

  /** As it stands in the derivation. */
  String label() {
    return label;
  }

  /** The length of the key. */
  public int bytes() {
    return bytes;
  }
}
