// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki.key;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/**
 * A private key that signs, with its public half.
 *
 * <p><b>Security guarantees:</b> nothing of the private half is in {@link #toString}; there is no
 * {@code equals} over it; it leaves only through {@link #privateKey}, {@link #toPem} and {@link
 * #toEncryptedPem}. Immutable and safe for use by several threads.
 */
public final class SigningKey {
  private final KeyPair keys;

  SigningKey(KeyPair keys) {
    this.keys = keys;
  }

  /** Makes a new key. RSA takes up to a second. */
  public static SigningKey generate(KeyKind kind, SecureRandom random) {
    try {
      return switch (kind) {
        case P256 -> generate("EC", new ECGenParameterSpec("secp256r1"), random);
        case P384 -> generate("EC", new ECGenParameterSpec("secp384r1"), random);
        case RSA_2048 ->
            generate("RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4), random);
        case RSA_3072 ->
            generate("RSA", new RSAKeyGenParameterSpec(3072, RSAKeyGenParameterSpec.F4), random);
      };
    } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
      throw new AssertionError("every Java platform makes " + kind.displayName() + " keys", e);
    }
  }

  private static SigningKey generate(
      String family, AlgorithmParameterSpec parameters, SecureRandom random)
      throws NoSuchAlgorithmException, InvalidAlgorithmParameterException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(family);
    generator.initialize(parameters, random);
    return new SigningKey(generator.generateKeyPair());
  }

  /**
   * Reads an unencrypted PKCS #8 key ({@code BEGIN PRIVATE KEY}); other PEM blocks around it are
   * passed over.
   */
  public static SigningKey parsePem(String pem) throws KeyFileException {
    return new SigningKey(PrivateKeyPem.parse(pem));
  }

  /**
   * Reads an encrypted PKCS #8 key ({@code BEGIN ENCRYPTED PRIVATE KEY}): as {@link
   * #toEncryptedPem} writes it, or as {@code openssl pkcs8 -topk8} does (PBKDF2 or scrypt).
   *
   * @throws KeyFileException if the passphrase is wrong or the file damaged, which cannot be told
   *     apart
   */
  public static SigningKey parseEncryptedPem(String pem, char[] passphrase)
      throws KeyFileException {
    return new SigningKey(PrivateKeyPem.parseEncrypted(pem, passphrase));
  }

  /** The private key as unencrypted PKCS #8 in PEM; for a file that only the server can read. */
  public String toPem() {
    return PrivateKeyPem.write(keys.getPrivate());
  }

  /**
   * The private key as PKCS #8 in PEM, encrypted (PBES2: scrypt, AES-256-CBC); {@code openssl
   * pkcs8} reads it.
   *
   * @param passphrase not empty; used as UTF-8
   */
  public String toEncryptedPem(char[] passphrase, SecureRandom random) {
    return PrivateKeyPem.writeEncrypted(keys.getPrivate(), passphrase, random);
  }

  public PublicKey publicKey() {
    return keys.getPublic();
  }

  /**
   * The private half itself, for a TLS stack that must sign with it. Never print it, and never put
   * it into a value that is printed.
   */
  public PrivateKey privateKey() {
    return keys.getPrivate();
  }

  /**
   * The one signature algorithm this key is used with, by its Java name: the hash fits the curve
   * (RFC 5480 §4), and there is never SHA-1.
   */
  public String signatureAlgorithm() {
    return switch (keys.getPublic()) {
      case ECPublicKey ec when ec.getParams().getOrder().bitLength() > 256 -> "SHA384withECDSA";
      case ECPublicKey _ -> "SHA256withECDSA";
      case RSAPublicKey _ -> "SHA256withRSA";
      default -> throw new AssertionError("only EC and RSA keys become a SigningKey");
    };
  }

  /** Signs with {@link #signatureAlgorithm}; ECDSA signatures are DER (RFC 3279 §2.2.3). */
  public byte[] sign(byte[] message, SecureRandom random) {
    try {
      Signature signature = Signature.getInstance(signatureAlgorithm());
      signature.initSign(keys.getPrivate(), random);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this key cannot sign", e);
    }
  }

  /** The kind of key, and nothing else. */
  @Override
  public String toString() {
    return "SigningKey["
        + switch (keys.getPublic()) {
          case ECPublicKey ec -> "P-" + ec.getParams().getOrder().bitLength();
          case RSAPublicKey rsa -> "RSA-" + rsa.getModulus().bitLength();
          default -> keys.getPublic().getAlgorithm();
        }
        + "]";
  }
}
