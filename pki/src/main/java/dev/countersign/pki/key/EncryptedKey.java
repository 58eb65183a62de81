// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki.key;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.generators.SCrypt;

/**
 * EncryptedPrivateKeyInfo (RFC 5958 §3) with PBES2 (RFC 8018 §6.2): AES-256-CBC under a key from
 * scrypt (RFC 7914 §7).
 */
final class EncryptedKey {
  static final String WRONG_PASSPHRASE =
      "key file: the passphrase does not open it, or it is damaged";

  /** 16 MiB. The next power of two is above what {@code openssl} agrees to (32 MiB in all). */
  private static final int SCRYPT_COST = 1 << 14;

  private static final int SCRYPT_BLOCK_SIZE = 8;

  /** Five rounds over the 16 MiB make up for the small memory. */
  private static final int SCRYPT_PARALLELIZATION = 5;

  /** For files others wrote: 1 GiB would be N = 2^20. */
  private static final long MAX_SCRYPT_BYTES = 256L << 20;

  private static final int MAX_SCRYPT_PARALLELIZATION = 64;
  private static final int MAX_PBKDF2_ITERATIONS = 10_000_000;
  private static final int SALT_BYTES = 16;
  private static final int BLOCK_BYTES = 16;
  private static final int KEY_BYTES = 32;

  private EncryptedKey() {}

  static byte[] encrypt(byte[] key, char[] passphrase, SecureRandom random) {
    if (passphrase.length == 0) {
      throw new IllegalArgumentException("expected a passphrase, got an empty one");
    }
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    byte[] iv = new byte[BLOCK_BYTES];
    random.nextBytes(iv);
    var scrypt = new ScryptParams(salt, SCRYPT_COST, SCRYPT_BLOCK_SIZE, SCRYPT_PARALLELIZATION);
    var parameters =
        new PBES2Parameters(
            new KeyDerivationFunc(MiscObjectIdentifiers.id_scrypt, scrypt),
            new EncryptionScheme(NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(iv)));
    try {
      byte[] encrypted = aes(Cipher.ENCRYPT_MODE, scrypt(passphrase, scrypt), iv, key);
      return new EncryptedPrivateKeyInfo(
              new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, parameters), encrypted)
          .getEncoded();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has AES-256-CBC", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] decrypt(byte[] der, char[] passphrase) throws KeyFileException {
    try {
      EncryptedPrivateKeyInfo info = EncryptedPrivateKeyInfo.getInstance(der);
      if (!PKCSObjectIdentifiers.id_PBES2.equals(info.getEncryptionAlgorithm().getAlgorithm())) {
        throw new KeyFileException("key file: expected an encryption of PBES2 (RFC 8018)");
      }
      PBES2Parameters parameters =
          PBES2Parameters.getInstance(info.getEncryptionAlgorithm().getParameters());
      EncryptionScheme scheme = parameters.getEncryptionScheme();
      if (!NISTObjectIdentifiers.id_aes256_CBC.equals(scheme.getAlgorithm())) {
        throw new KeyFileException("key file: expected an encryption by AES-256-CBC");
      }
      byte[] iv = ASN1OctetString.getInstance(scheme.getParameters()).getOctets();
      byte[] derived = derive(parameters.getKeyDerivationFunc(), passphrase);
      return aes(Cipher.DECRYPT_MODE, derived, iv, info.getEncryptedData());
    } catch (GeneralSecurityException e) {
      throw new KeyFileException(WRONG_PASSPHRASE, e);
    } catch (RuntimeException e) {
      throw new KeyFileException("key file: expected an encrypted PKCS #8 key", e);
    }
  }

  private static byte[] derive(KeyDerivationFunc function, char[] passphrase)
      throws KeyFileException, GeneralSecurityException {
    if (MiscObjectIdentifiers.id_scrypt.equals(function.getAlgorithm())) {
      ScryptParams scrypt = ScryptParams.getInstance(function.getParameters());
      requireAffordable(scrypt);
      return scrypt(passphrase, scrypt);
    } else if (PKCSObjectIdentifiers.id_PBKDF2.equals(function.getAlgorithm())) {
      return pbkdf2(passphrase, PBKDF2Params.getInstance(function.getParameters()));
    }
    throw new KeyFileException("key file: expected a key derived by scrypt or PBKDF2");
  }

  private static void requireAffordable(ScryptParams scrypt) throws KeyFileException {
    // An N of a gigabyte would take the process down instead of opening a file.
    BigInteger bytes =
        scrypt.getCostParameter().multiply(scrypt.getBlockSize()).multiply(BigInteger.valueOf(128));
    if (bytes.compareTo(BigInteger.valueOf(MAX_SCRYPT_BYTES)) > 0
        || scrypt
                .getParallelizationParameter()
                .compareTo(BigInteger.valueOf(MAX_SCRYPT_PARALLELIZATION))
            > 0) {
      throw new KeyFileException(
          "key file: expected scrypt with at most " + (MAX_SCRYPT_BYTES >> 20) + " MiB");
    }
  }

  private static byte[] scrypt(char[] passphrase, ScryptParams scrypt) {
    byte[] bytes = utf8(passphrase);
    try {
      return SCrypt.generate(
          bytes,
          scrypt.getSalt(),
          scrypt.getCostParameter().intValueExact(),
          scrypt.getBlockSize().intValueExact(),
          scrypt.getParallelizationParameter().intValueExact(),
          KEY_BYTES);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static byte[] pbkdf2(char[] passphrase, PBKDF2Params parameters)
      throws KeyFileException, GeneralSecurityException {
    int iterations = parameters.getIterationCount().intValueExact();
    if (iterations > MAX_PBKDF2_ITERATIONS
        || !PKCSObjectIdentifiers.id_hmacWithSHA256.equals(parameters.getPrf().getAlgorithm())) {
      throw new KeyFileException(
          "key file: expected PBKDF2 with HMAC-SHA-256 and at most "
              + MAX_PBKDF2_ITERATIONS
              + " iterations");
    }
    var spec = new PBEKeySpec(passphrase, parameters.getSalt(), iterations, KEY_BYTES * 8);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } finally {
      spec.clearPassword();
    }
  }

  private static byte[] aes(int mode, byte[] key, byte[] iv, byte[] input)
      throws GeneralSecurityException {
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
      return cipher.doFinal(input);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static byte[] utf8(char[] passphrase) {
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(passphrase));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    encoded.clear();
    encoded.put(new byte[encoded.capacity()]);
    return bytes;
  }
}
