// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki.key;

import dev.countersign.protocol.Pem;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/** PKCS #8 keys as text (RFC 5958, RFC 7468 §10 and §11). */
final class PrivateKeyPem {
  /** An RSA 4096 key has 3 300 characters; certificates may stand beside it. */
  private static final int MAX_CHARS = 64 * 1024;

  private static final int MIN_RSA_BITS = 2048;
  private static final int MAX_RSA_BITS = 4096;

  private static final String PLAIN = "PRIVATE KEY";
  private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";

  private PrivateKeyPem() {}

  static KeyPair parse(String pem) throws KeyFileException {
    if (pem.contains("-----BEGIN " + ENCRYPTED + "-----")) {
      throw new KeyFileException("key file: expected an unencrypted key, got an encrypted one");
    }
    byte[] der = block(pem, PLAIN);
    try {
      return decode(der);
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  static KeyPair parseEncrypted(String pem, char[] passphrase) throws KeyFileException {
    byte[] der = EncryptedKey.decrypt(block(pem, ENCRYPTED), passphrase);
    try {
      return decode(der);
    } catch (KeyFileException e) {
      // One wrong passphrase in 256 decrypts to something with a valid padding.
      throw new KeyFileException(EncryptedKey.WRONG_PASSPHRASE, e);
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  static String write(PrivateKey key) {
    return Pem.block(PLAIN, encoded(key));
  }

  static String writeEncrypted(PrivateKey key, char[] passphrase, SecureRandom random) {
    byte[] der = encoded(key);
    try {
      return Pem.block(ENCRYPTED, EncryptedKey.encrypt(der, passphrase, random));
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  private static byte[] encoded(PrivateKey key) {
    byte[] der = key.getEncoded();
    if (der == null) {
      throw new IllegalStateException("a key in hardware has no file form");
    }
    return der;
  }

  private static byte[] block(String pem, String label) throws KeyFileException {
    String expected = "key file: expected one block -----BEGIN " + label + "-----";
    if (pem.length() > MAX_CHARS) {
      throw new KeyFileException("key file: expected at most " + MAX_CHARS + " characters");
    }
    Matcher matcher =
        Pattern.compile(
                "-----BEGIN " + label + "-----([A-Za-z0-9+/=\\s]+)-----END " + label + "-----")
            .matcher(pem);
    if (!matcher.find()) {
      throw new KeyFileException(expected + ", got none");
    }
    String base64 = matcher.group(1);
    if (matcher.find()) {
      throw new KeyFileException(expected + ", got several");
    }
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new KeyFileException("key file: expected Base64 between the PEM lines", e);
    }
  }

  private static KeyPair decode(byte[] der) throws KeyFileException {
    try {
      PrivateKeyInfo info = PrivateKeyInfo.getInstance(der);
      PrivateKey key =
          KeyFactory.getInstance(family(info)).generatePrivate(new PKCS8EncodedKeySpec(der));
      return new KeyPair(publicHalf(key), key);
    } catch (GeneralSecurityException | RuntimeException e) {
      // The cause is dropped: a parser's message may quote what it read.
      throw new KeyFileException("key file: expected a P-256, P-384 or RSA key in PKCS #8");
    }
  }

  private static String family(PrivateKeyInfo info) throws GeneralSecurityException {
    ASN1ObjectIdentifier algorithm = info.getPrivateKeyAlgorithm().getAlgorithm();
    if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      return "EC";
    } else if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
      return "RSA";
    }
    throw new GeneralSecurityException("neither EC nor RSA");
  }

  /** Computed, not read: the file's own public half is optional and could be another key's. */
  private static PublicKey publicHalf(PrivateKey key) throws GeneralSecurityException {
    return switch (key) {
      case ECPrivateKey ec -> publicHalf(ec);
      case RSAPrivateCrtKey rsa -> publicHalf(rsa);
      default -> throw new GeneralSecurityException("neither EC nor RSA");
    };
  }

  private static PublicKey publicHalf(ECPrivateKey key) throws GeneralSecurityException {
    // The implementations made for these curves: a start computes four of these, not yet compiled.
    X9ECParameters curve =
        CustomNamedCurves.getByOID(
            switch (key.getParams().getOrder().bitLength()) {
              case 256 -> SECObjectIdentifiers.secp256r1;
              case 384 -> SECObjectIdentifiers.secp384r1;
              default -> throw new GeneralSecurityException("neither P-256 nor P-384");
            });
    BigInteger scalar = key.getS();
    if (!curve.getN().equals(key.getParams().getOrder())
        || scalar.signum() <= 0
        || scalar.compareTo(curve.getN()) >= 0) {
      throw new GeneralSecurityException("not a private key of this curve");
    }
    var point = new FixedPointCombMultiplier().multiply(curve.getG(), scalar).normalize();
    return KeyFactory.getInstance("EC")
        .generatePublic(
            new ECPublicKeySpec(
                new ECPoint(
                    point.getAffineXCoord().toBigInteger(), point.getAffineYCoord().toBigInteger()),
                key.getParams()));
  }

  private static PublicKey publicHalf(RSAPrivateCrtKey key) throws GeneralSecurityException {
    int bits = key.getModulus().bitLength();
    if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
      throw new GeneralSecurityException("RSA of " + bits + " bits");
    }
    return KeyFactory.getInstance("RSA")
        .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
  }
}
