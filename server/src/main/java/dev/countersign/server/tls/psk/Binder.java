// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.keys.Hkdf;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The proof in a ClientHello that its sender holds a key (RFC 8446 §4.2.11.2), for external keys
 * and SHA-256. Bouncy Castle checks the one of the key that is chosen; this chooses.
 */
final class Binder {
  private static final int HASH_BYTES = 32;
  private static final byte[] LABEL_PREFIX = "tls13 ".getBytes(US_ASCII);

  private Binder() {}

  /**
   * Computes a binder.
   *
   * @param key left as it is
   * @param truncatedHello the first ClientHello up to, and without, its list of binders
   */
  static byte[] of(byte[] key, byte[] truncatedHello) {
    byte[] early = Hkdf.extract(new byte[HASH_BYTES], key);
    byte[] binderKey = expand(early, "ext binder", sha256(new byte[0]));
    byte[] finishedKey = expand(binderKey, "finished", new byte[0]);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(finishedKey, "HmacSHA256"));
      return mac.doFinal(sha256(truncatedHello));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has HMAC with SHA-256", e);
    } finally {
      Arrays.fill(early, (byte) 0);
      Arrays.fill(binderKey, (byte) 0);
      Arrays.fill(finishedKey, (byte) 0);
    }
  }

  /** HKDF-Expand-Label (RFC 8446 §7.1). */
  private static byte[] expand(byte[] secret, String label, byte[] context) {
    byte[] name = label.getBytes(US_ASCII);
    var info = ByteBuffer.allocate(4 + LABEL_PREFIX.length + name.length + context.length);
    info.putShort((short) HASH_BYTES);
    info.put((byte) (LABEL_PREFIX.length + name.length)).put(LABEL_PREFIX).put(name);
    info.put((byte) context.length).put(context);
    return Hkdf.expand(secret, info.array(), HASH_BYTES);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
