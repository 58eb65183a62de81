// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import java.io.IOException;
import java.security.SecureRandom;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.tls.crypto.CryptoHashAlgorithm;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.TlsAEADCipher;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * The library's own primitives, but for SHA-256 and AES-GCM, which the platform does with the
 * processor's instructions. X25519 is faster in the library.
 */
final class PlatformCrypto extends BcTlsCrypto {
  PlatformCrypto(SecureRandom random) {
    super(random);
  }

  @Override
  public Digest createDigest(int algorithm) {
    return algorithm == CryptoHashAlgorithm.sha256
        ? new PlatformSha256()
        : super.createDigest(algorithm);
  }

  @Override
  public Digest cloneDigest(int algorithm, Digest digest) {
    return digest instanceof PlatformSha256 sha256
        ? new PlatformSha256(sha256)
        : super.cloneDigest(algorithm, digest);
  }

  @Override
  protected TlsAEADCipher createCipher_AES_GCM(
      TlsCryptoParameters parameters, int keyBytes, int tagBytes) throws IOException {
    return new TlsAEADCipher(
        parameters,
        new PlatformGcm(true),
        new PlatformGcm(false),
        keyBytes,
        tagBytes,
        TlsAEADCipher.AEAD_GCM,
        null);
  }
}
