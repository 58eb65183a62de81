// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import dev.countersign.protocol.SecretAccess;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Objects;

/**
 * The 16 random bytes in a QR code that a phone proves to have read.
 *
 * <p><b>Security guarantees.</b> The content comes out only for who holds {@link SecretAccess};
 * equality takes the same time wherever secrets differ. Immutable.
 */
public final class PairingSecret {
  public static final int BYTES = 16;

  private final byte[] secret;

  private PairingSecret(byte[] secret) {
    this.secret = secret;
  }

  /** A new one. */
  public static PairingSecret random(SecureRandom random) {
    var secret = new byte[BYTES];
    random.nextBytes(secret);
    return new PairingSecret(secret);
  }

  /** Takes 16 bytes. */
  public static PairingSecret wrap(byte[] secret) {
    if (secret.length != BYTES) {
      throw new IllegalArgumentException("pairing secret: expected 16 bytes, got " + secret.length);
    }
    return new PairingSecret(secret.clone());
  }

  /** The content, for the key schedule, the code and the file that keeps it. */
  public byte[] bytes(SecretAccess access) {
    Objects.requireNonNull(access);
    return secret.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PairingSecret that && MessageDigest.isEqual(secret, that.secret);
  }

  /** Tells nothing of the secret, so that no collection sorts secrets by their content. */
  @Override
  public int hashCode() {
    return PairingSecret.class.hashCode();
  }

  @Override
  public String toString() {
    return "PairingSecret[hidden]";
  }
}
