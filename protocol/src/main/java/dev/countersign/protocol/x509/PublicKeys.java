// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.x509;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * Decodes public keys with the platform's providers. A key is built anew from its numbers, so that
 * one key has one encoding, hence one hash, however it was written.
 */
final class PublicKeys {
  private PublicKeys() {}

  static PublicKey decode(SubjectPublicKeyInfo info) throws GeneralSecurityException, IOException {
    KeyFactory factory = KeyFactory.getInstance(family(info.getAlgorithm().getAlgorithm()));
    PublicKey key = factory.generatePublic(new X509EncodedKeySpec(info.getEncoded("DER")));
    if (key instanceof ECPublicKey ec) {
      requireOnCurve(ec);
      return factory.generatePublic(new ECPublicKeySpec(ec.getW(), ec.getParams()));
    } else if (key instanceof RSAPublicKey rsa) {
      return factory.generatePublic(
          new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
    }
    return key;
  }

  /** SEC 1 §3.2.2.1; the platform tests it only where it computes with the point. */
  private static void requireOnCurve(ECPublicKey key) throws InvalidKeyException {
    if (!(key.getParams().getCurve().getField() instanceof ECFieldFp field)) {
      throw new InvalidKeyException("expected a curve over a prime field");
    }
    BigInteger p = field.getP();
    BigInteger x = key.getW().getAffineX();
    BigInteger y = key.getW().getAffineY();
    BigInteger right =
        x.multiply(x)
            .add(key.getParams().getCurve().getA())
            .multiply(x)
            .add(key.getParams().getCurve().getB());
    if (x.signum() < 0
        || y.signum() < 0
        || x.compareTo(p) >= 0
        || y.compareTo(p) >= 0
        || !y.multiply(y).mod(p).equals(right.mod(p))) {
      throw new InvalidKeyException("expected a point on the curve");
    }
  }

  private static String family(ASN1ObjectIdentifier algorithm) throws NoSuchAlgorithmException {
    if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      return "EC";
    } else if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
      return "RSA";
    } else if (algorithm.equals(EdECObjectIdentifiers.id_Ed25519)) {
      return "Ed25519";
    }
    throw new NoSuchAlgorithmException("not a key algorithm for certificates");
  }
}
