// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.SecretAccess;
import dev.countersign.server.database.DatabaseException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Wraps relays' secrets under a key of its own, with AES-256-GCM: a random nonce of 96 bits, then
 * ciphertext and tag. Bound to the relay's name, so that two rows cannot be exchanged. Thread-safe.
 */
public final class AesRelayWrapping implements RelayWrapping {
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final String LABEL = "countersign/relay/v1\0";

  private final AtomicInteger unwrapped = new AtomicInteger();
  private final SecretKeySpec key;
  private final SecureRandom random;

  /**
   * Wraps under this key.
   *
   * @param key 32 bytes; copied
   */
  public AesRelayWrapping(byte[] key, SecureRandom random) {
    if (key.length != RelaySecret.BYTES) {
      throw new IllegalArgumentException("expected 32 bytes, got " + key.length);
    }
    this.key = new SecretKeySpec(key, "AES");
    this.random = random;
  }

  @Override
  public byte[] wrap(String relay, RelaySecret secret) {
    byte[] clear = secret.bytes(SecretAccess.insecure());
    var nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, relay, nonce).doFinal(clear);
      byte[] wrapped = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, wrapped, NONCE_BYTES, sealed.length);
      return wrapped;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has AES-GCM", e);
    } finally {
      Arrays.fill(clear, (byte) 0);
    }
  }

  @Override
  public RelaySecret unwrap(String relay, byte[] wrapped) {
    unwrapped.incrementAndGet();
    try {
      byte[] nonce = Arrays.copyOf(wrapped, NONCE_BYTES);
      return RelaySecret.wrap(
          cipher(Cipher.DECRYPT_MODE, relay, nonce)
              .doFinal(wrapped, NONCE_BYTES, wrapped.length - NONCE_BYTES));
    } catch (AEADBadTagException e) {
      throw new DatabaseException(
          "the secret of relay "
              + relay
              + " does not open: it was wrapped under another key, or changed from outside",
          e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has AES-GCM", e);
    }
  }

  /** How often a secret was opened. */
  int unwrapped() {
    return unwrapped.get();
  }

  @Override
  public boolean isCurrent(byte[] wrapped) {
    return true;
  }

  private Cipher cipher(int mode, String relay, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD((LABEL + relay).getBytes(US_ASCII));
    return cipher;
  }

  @Override
  public String toString() {
    return "AesRelayWrapping[key hidden]";
  }
}
