// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.cbor.CborReader;
import dev.countersign.protocol.cbor.CborWriter;
import dev.countersign.protocol.keys.Hmac;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The bytes by which two sides agree on a new ID Context when one lost its state (RFC 8613 appendix
 * B.2): R1 from the device, R2 from the server, R3 from the device again. The context of the second
 * message is R2 ‖ R1, that of the third R2 ‖ R3.
 */
public final class LostState {
  /** R1, S2 and R3. */
  public static final int RANDOM_BYTES = 8;

  /** R2: S2 and a tag over it, by which the server knows its own without keeping it. */
  public static final int R2_BYTES = 16;

  /** Of the context that is agreed on. */
  public static final int CONTEXT_BYTES = R2_BYTES + RANDOM_BYTES;

  private LostState() {}

  /** R2 = S2 ‖ the first 8 bytes of HMAC(K_HMAC, S2). */
  public static byte[] r2(byte[] s2, byte[] key) {
    if (s2.length != RANDOM_BYTES) {
      throw new IllegalArgumentException("expected 8 bytes, got " + s2.length);
    }
    byte[] r2 = Arrays.copyOf(s2, R2_BYTES);
    System.arraycopy(Hmac.sha256(key, s2), 0, r2, RANDOM_BYTES, R2_BYTES - RANDOM_BYTES);
    return r2;
  }

  /** Whether an ID Context begins with an R2 that was made with this key. In constant time. */
  public static boolean isOurs(byte[] idContext, byte[] key) {
    if (idContext.length != CONTEXT_BYTES) {
      return false;
    }
    byte[] expected = r2(Arrays.copyOf(idContext, RANDOM_BYTES), key);
    return MessageDigest.isEqual(expected, Arrays.copyOf(idContext, R2_BYTES));
  }

  /** RFC 8613 appendix B.2: the kid context is the ID Context as a CBOR byte string. */
  public static byte[] kidContext(byte[] idContext) {
    return new CborWriter().bytes(idContext).toByteArray();
  }

  /** The ID Context that a kid context names. */
  public static byte[] idContext(byte[] kidContext) throws MalformedException {
    var in = new CborReader(kidContext);
    byte[] idContext = in.bytes("kid context", CONTEXT_BYTES);
    in.end();
    if (!Arrays.equals(kidContext, kidContext(idContext))) {
      throw new MalformedException("kid context", "expected the shortest form of CBOR");
    }
    return idContext;
  }

  /** One after the other. */
  public static byte[] join(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }
}
