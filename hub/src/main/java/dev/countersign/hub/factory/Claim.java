// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

import dev.countersign.protocol.Sha256;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What a hub's directory knows while it is being made, and nobody else: random bytes beside its
 * key. Whoever shows the key again with it is the same directory after a failure; whoever shows the
 * key alone is another hub with a copied key.
 */
final class Claim {
  private static final int BYTES = 16;

  private final byte[] value;

  private Claim(byte[] value) {
    this.value = value;
  }

  static Claim random(SecureRandom random) {
    var value = new byte[BYTES];
    random.nextBytes(value);
    return new Claim(value);
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws IllegalArgumentException if it is no such text
   */
  static Claim parse(String hex) {
    byte[] value = HexFormat.of().parseHex(hex);
    if (value.length != BYTES) {
      throw new IllegalArgumentException("claim: expected " + BYTES + " bytes");
    }
    return new Claim(value);
  }

  String text() {
    return HexFormat.of().formatHex(value);
  }

  /** What the ledger keeps: a reader of it cannot claim. */
  Sha256 hash() {
    return Sha256.of(value);
  }
}
