// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.cbor.CborWriter;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.server.database.DatabaseException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key that wraps device keys: AES-256-GCM with a random nonce.
 *
 * <p><b>Security guarantees.</b> A wrapped key opens only for the device and generation it was
 * wrapped for: swapping two rows of the database makes both useless. Random nonces of 96 bits are
 * good for 2^32 wrappings (NIST SP 800-38D §8.3); a fleet of a million needs 2^20, once for each
 * generation.
 *
 * <p>Thread-safe. It must be in memory while the server works; {@link #toString} hides it.
 */
final class KeyEncryptionKey {
  static final int BYTES = 32;

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int ID_BYTES = 8;
  private static final int LABEL_ITEMS = 4;
  private static final String AES_GCM = "AES/GCM/NoPadding";
  private static final byte[] ID_DOMAIN = "countersign/kek/v1\0".getBytes(US_ASCII);
  private static final byte[] FINGERPRINT_DOMAIN =
      "countersign/secret-fingerprint/v1".getBytes(US_ASCII);

  private final KekId id;
  private final SecretKeySpec wrapping;
  private final SecretKeySpec fingerprinting;
  private final SecureRandom random;

  /** Found once: to go through all providers takes longer than to open a key. */
  private final Provider provider;

  /**
   * @param key copied, and for the caller to overwrite
   */
  KeyEncryptionKey(byte[] key, SecureRandom random) {
    if (key.length != BYTES) {
      throw new IllegalArgumentException("expected " + BYTES + " bytes, got " + key.length);
    }
    this.id = idOf(key);
    this.wrapping = new SecretKeySpec(key, "AES");
    byte[] derived = hmac(new SecretKeySpec(key, "HmacSHA256"), FINGERPRINT_DOMAIN);
    this.fingerprinting = new SecretKeySpec(derived, "HmacSHA256");
    Arrays.fill(derived, (byte) 0);
    this.random = random;
    try {
      this.provider = Cipher.getInstance(AES_GCM).getProvider();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has AES-GCM", e);
    }
  }

  private static KekId idOf(byte[] key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(ID_DOMAIN);
      return new KekId(Hexadecimal.encode(Arrays.copyOf(digest.digest(key), ID_BYTES)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  KekId id() {
    return id;
  }

  WrappedKey wrap(DeviceKey key, DeviceSerial serial, int generation) {
    byte[] clear = key.bytes(SecretAccess.insecure());
    var bytes = new byte[WrappedKey.BYTES];
    var nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    System.arraycopy(nonce, 0, bytes, 0, NONCE_BYTES);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, serial, generation);
      cipher.doFinal(clear, 0, clear.length, bytes, NONCE_BYTES);
      return new WrappedKey(id, bytes, fingerprint(clear));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has AES-GCM", e);
    } finally {
      Arrays.fill(clear, (byte) 0);
    }
  }

  /**
   * Opens a key.
   *
   * @throws DatabaseException if it was changed, or wrapped for another device or generation
   */
  DeviceKey unwrap(WrappedKey wrapped, DeviceSerial serial, int generation) {
    byte[] bytes = wrapped.bytes();
    var clear = new byte[BYTES];
    try {
      Cipher cipher =
          cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(bytes, NONCE_BYTES), serial, generation);
      cipher.doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES, clear);
      return DeviceKey.wrap(clear);
    } catch (AEADBadTagException e) {
      throw new DatabaseException(
          "the key of %s, generation %d, does not open: the registry was changed from outside;"
                  .formatted(serial, generation)
              + " restore a backup",
          e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has AES-GCM", e);
    } finally {
      Arrays.fill(clear, (byte) 0);
    }
  }

  /** The same for the same device key, and nothing to those who do not have this key. */
  Sha256 fingerprint(DeviceKey key) {
    byte[] clear = key.bytes(SecretAccess.insecure());
    try {
      return fingerprint(clear);
    } finally {
      Arrays.fill(clear, (byte) 0);
    }
  }

  private Sha256 fingerprint(byte[] clear) {
    return Sha256.wrap(hmac(fingerprinting, clear));
  }

  private Cipher cipher(int mode, byte[] nonce, DeviceSerial serial, int generation)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(AES_GCM, provider);
    cipher.init(mode, wrapping, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(label(serial, generation));
    return cipher;
  }

  /** What a wrapped key is bound to (docs/protocol.md, Keys of a device with a pre-set secret). */
  byte[] label(DeviceSerial serial, int generation) {
    return new CborWriter()
        .array(LABEL_ITEMS)
        .text("cs1-dk")
        .bytes(serial.value().getBytes(US_ASCII))
        .unsigned(generation)
        .bytes(Hexadecimal.decode(id.hex()))
        .toByteArray();
  }

  private static byte[] hmac(SecretKeySpec key, byte[] data) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has HMAC-SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "KeyEncryptionKey[" + id + ", content hidden]";
  }
}
