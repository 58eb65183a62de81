// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a relay proves itself with: {@code crs1.} and 32 random bytes in base64url. The key of the
 * HMAC is this text itself, so that whatever can keep a string can sign.
 *
 * <p><b>Security guarantees.</b> Its content is overwritten by {@link #close}; {@link #toString}
 * hides it. Made from 256 random bits, so that its hash needs no salt.
 */
public final class RelaySecret implements AutoCloseable {
  /** Of random bytes. */
  public static final int BYTES = 32;

  private static final String PREFIX = "crs1.";
  private static final String HMAC = "HmacSHA256";

  private final byte[] text;

  private RelaySecret(byte[] random) {
    byte[] encoded = Base64.getUrlEncoder().withoutPadding().encode(random);
    this.text = Arrays.copyOf(PREFIX.getBytes(US_ASCII), PREFIX.length() + encoded.length);
    System.arraycopy(encoded, 0, text, PREFIX.length(), encoded.length);
    Arrays.fill(encoded, (byte) 0);
  }

  /** A new one. */
  public static RelaySecret generate(SecureRandom random) {
    var bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return wrap(bytes);
  }

  /**
   * The secret made of these bytes.
   *
   * @param random overwritten
   */
  public static RelaySecret wrap(byte[] random) {
    if (random.length != BYTES) {
      throw new IllegalArgumentException("expected " + BYTES + " bytes, got " + random.length);
    }
    try {
      return new RelaySecret(random);
    } finally {
      Arrays.fill(random, (byte) 0);
    }
  }

  /** The random bytes, for who wraps them; for the caller to overwrite. */
  public byte[] bytes(SecretAccess access) {
    byte[] encoded = Arrays.copyOfRange(text, PREFIX.length(), text.length);
    try {
      return Base64.getUrlDecoder().decode(encoded);
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }

  /** As the operator sees it, once. */
  public String text(SecretAccess access) {
    return new String(text, US_ASCII);
  }

  /** What is kept of it where it is only compared. */
  public Sha256 hash() {
    return Sha256.of(text);
  }

  byte[] hmac(byte[] message) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(text, HMAC));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has HMAC-SHA-256", e);
    }
  }

  @Override
  public void close() {
    Arrays.fill(text, (byte) 0);
  }

  @Override
  public String toString() {
    return "RelaySecret[content hidden]";
  }
}
