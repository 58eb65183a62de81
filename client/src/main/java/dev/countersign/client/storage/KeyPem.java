// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.storage;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;

/** Keys on P-256 in PEM files: {@code PRIVATE KEY} (RFC 5958) and {@code PUBLIC KEY} (RFC 5280). */
public final class KeyPem {
  private static final String PRIVATE = "PRIVATE KEY";
  private static final String PUBLIC = "PUBLIC KEY";

  private KeyPem() {}

  /** A new key. */
  public static KeyPair generate() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  /** Both halves of a key; the text is as secret as the key. */
  public static String write(KeyPair keys) {
    return write(keys.getPrivate()) + Pem.block(PUBLIC, keys.getPublic().getEncoded());
  }

  /** A private key; the text is as secret. */
  public static String write(PrivateKey key) {
    return Pem.block(PRIVATE, key.getEncoded());
  }

  /**
   * The private key in a text.
   *
   * @param file where the text is from; errors name it, and nothing of what is in it
   */
  public static PrivateKey privateKey(String pem, Path file)
      throws IOException, GeneralSecurityException {
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(content(PRIVATE, pem, file)));
  }

  /**
   * The public key in a text.
   *
   * @param file where the text is from; errors name it
   */
  public static PublicKey publicKey(String pem, Path file)
      throws IOException, GeneralSecurityException {
    return KeyFactory.getInstance("EC")
        .generatePublic(new X509EncodedKeySpec(content(PUBLIC, pem, file)));
  }

  private static byte[] content(String label, String pem, Path file) throws IOException {
    var missing = new IOException(file + ": expected a " + label + " in PEM");
    try {
      return Pem.find(label, pem).orElseThrow(() -> missing);
    } catch (MalformedException e) {
      throw missing;
    }
  }
}
