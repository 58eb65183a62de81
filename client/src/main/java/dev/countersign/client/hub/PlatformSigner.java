// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.hub;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.crypto.TlsSigner;
import org.bouncycastle.tls.crypto.TlsStreamSigner;
import org.jspecify.annotations.Nullable;

/**
 * Signs with a key that cannot be read: Android's key store, a security module. The platform finds
 * the provider by the key.
 */
final class PlatformSigner implements TlsSigner {
  private final PrivateKey key;

  PlatformSigner(PrivateKey key) {
    this.key = key;
  }

  @Override
  public byte[] generateRawSignature(@Nullable SignatureAndHashAlgorithm algorithm, byte[] hash)
      throws IOException {
    try {
      // The library has hashed already (RFC 8446 §4.4.3), and hands over the hash.
      Signature signature = Signature.getInstance("NONEwithECDSA");
      signature.initSign(key);
      signature.update(hash);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IOException("the phone's key did not sign: " + e.getMessage(), e);
    }
  }

  @Override
  @SuppressWarnings("NullAway") // null is how a signer says that it takes hashes
  public TlsStreamSigner getStreamSigner(@Nullable SignatureAndHashAlgorithm algorithm) {
    return null;
  }
}
