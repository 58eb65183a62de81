// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The values by which a request shows that it was made shortly before it came (RFC 9175 §2.3): 8
 * bytes of HMAC(K_echo, kid ‖ ID context ‖ minute), good for ten minutes. The server keeps none.
 *
 * <p>The key is made when the process begins: a value of before a restore is never good again, and
 * after a restart a device needs one exchange more. Safe for many threads.
 */
final class EchoValues {
  static final int BYTES = 8;

  /** docs/protocol.md §3. */
  static final int MINUTES = 10;

  private static final int KEY_BYTES = 32;

  /** Never used itself, so that many threads can copy it: a copy is cheap, a look-up is not. */
  private final Mac prototype;

  private final Clock clock;

  EchoValues(SecureRandom random, Clock clock) {
    var bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    try {
      this.prototype = Mac.getInstance("HmacSHA256");
      prototype.init(new SecretKeySpec(bytes, "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has HMAC with SHA-256", e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
    this.clock = clock;
  }

  /** For the next request of this device. */
  byte[] next(byte[] kid, Optional<byte[]> idContext) {
    return value(kid, idContext, minute());
  }

  /**
   * Whether a value was given to this device within the last ten minutes. The newest is looked at
   * first: the time says how old a good value is, which who has it knows. What is not good takes
   * the same time wherever it differs.
   */
  boolean isFresh(Optional<byte[]> echo, byte[] kid, Optional<byte[]> idContext) {
    if (echo.isEmpty() || echo.get().length != BYTES) {
      return false;
    }
    long now = minute();
    for (int back = 0; back <= MINUTES; back++) {
      if (MessageDigest.isEqual(value(kid, idContext, now - back), echo.get())) {
        return true;
      }
    }
    return false;
  }

  private long minute() {
    return clock.millis() / Duration.ofMinutes(1).toMillis();
  }

  private byte[] value(byte[] kid, Optional<byte[]> idContext, long minute) {
    Mac hmac = copy();
    hmac.update(kid);
    idContext.ifPresent(hmac::update);
    hmac.update(ByteBuffer.allocate(Long.BYTES).putLong(minute).array());
    return Arrays.copyOf(hmac.doFinal(), BYTES);
  }

  private Mac copy() {
    try {
      return (Mac) prototype.clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("Java's HMAC can be copied", e);
    }
  }
}
