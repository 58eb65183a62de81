// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.keys.SealedAlgorithm;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.AEADCipher;
import org.bouncycastle.crypto.modes.CCMBlockCipher;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * The AEADs of RFC 9053 §4. From Bouncy Castle, since Java has no CCM and old Androids have no
 * ChaCha20. A cipher is made for each message, so that no key lives in one.
 */
final class Aead {
  private static final int BITS = 8;

  /** RFC 9053 §4.2: two bytes of length. ChaCha20/Poly1305 could more, and nothing needs it. */
  static final int MAX_PLAINTEXT_BYTES = 65_535;

  private Aead() {}

  static byte[] seal(
      SealedAlgorithm algorithm, byte[] key, byte[] nonce, byte[] aad, byte[] plaintext) {
    if (plaintext.length > MAX_PLAINTEXT_BYTES) {
      throw new IllegalArgumentException("expected at most 65535 bytes, got " + plaintext.length);
    }
    try {
      return process(true, algorithm, key, nonce, aad, plaintext);
    } catch (InvalidCipherTextException e) {
      throw new AssertionError("encryption cannot fail", e);
    }
  }

  static byte[] open(
      SealedAlgorithm algorithm, byte[] key, byte[] nonce, byte[] aad, byte[] ciphertext)
      throws NotAuthenticException {
    // RFC 8613 §5.3: there is always a code inside.
    int plaintextBytes = ciphertext.length - algorithm.tagBytes();
    if (plaintextBytes <= 0 || plaintextBytes > MAX_PLAINTEXT_BYTES) {
      throw new NotAuthenticException();
    }
    try {
      return process(false, algorithm, key, nonce, aad, ciphertext);
    } catch (InvalidCipherTextException e) {
      throw new NotAuthenticException();
    }
  }

  private static byte[] process(
      boolean encrypt, SealedAlgorithm algorithm, byte[] key, byte[] nonce, byte[] aad, byte[] in)
      throws InvalidCipherTextException {
    AEADCipher cipher = cipher(algorithm);
    cipher.init(
        encrypt,
        new AEADParameters(new KeyParameter(key), algorithm.tagBytes() * BITS, nonce, aad));
    var out = new byte[cipher.getOutputSize(in.length)];
    int written = cipher.processBytes(in, 0, in.length, out, 0);
    written += cipher.doFinal(out, written);
    if (written != out.length) {
      throw new AssertionError("expected " + out.length + " bytes, got " + written);
    }
    return out;
  }

  private static AEADCipher cipher(SealedAlgorithm algorithm) {
    return algorithm == SealedAlgorithm.CHACHA20
        ? new ChaCha20Poly1305()
        : CCMBlockCipher.newInstance(AESEngine.newInstance());
  }
}
