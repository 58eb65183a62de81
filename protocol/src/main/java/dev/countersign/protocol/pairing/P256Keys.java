// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import dev.countersign.protocol.MalformedException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** Public keys on P-256 as a SubjectPublicKeyInfo of always the same 91 bytes (RFC 5480 §2). */
final class P256Keys {
  static final int SPKI_BYTES = 91;

  private P256Keys() {}

  /** The bytes whose hash names the key. */
  static byte[] encode(PublicKey key) throws GeneralSecurityException {
    byte[] encoded = key.getEncoded();
    if (!(key instanceof ECPublicKey) || encoded == null || encoded.length != SPKI_BYTES) {
      throw new InvalidKeyException("expected a key on P-256");
    }
    return encoded;
  }

  static PublicKey decode(byte[] spki) throws MalformedException {
    try {
      byte[] point = SubjectPublicKeyInfo.getInstance(spki).getPublicKeyData().getOctets();
      Spake2Group.decode("new key", point);
      var algorithm =
          new AlgorithmIdentifier(
              X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1);
      if (Arrays.equals(new SubjectPublicKeyInfo(algorithm, point).getEncoded(), spki)) {
        return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki));
      }
    } catch (IOException | RuntimeException | GeneralSecurityException e) {
      throw new MalformedException("new key", "expected a key on P-256", e);
    }
    throw new MalformedException("new key", "expected a key on P-256");
  }
}
