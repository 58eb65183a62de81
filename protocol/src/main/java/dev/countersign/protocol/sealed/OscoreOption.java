// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import dev.countersign.protocol.MalformedException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The value of the OSCORE option (RFC 8613 §6.1): {@code flags(000 h k nnn) ‖ Partial IV ‖ [s ‖ kid
 * context] ‖ kid}. Immutable.
 */
public final class OscoreOption {
  /** RFC 8613 §5.2: at most 40 bits; 2^40 - 1 is never used, so that nothing overflows. */
  public static final long MAX_PARTIAL_IV = (1L << 40) - 2;

  /** RFC 8613 §6.1: what the longest COSE nonce leaves for an id. */
  private static final int MAX_ID_BYTES = 7;

  private static final int MAX_CONTEXT_BYTES = 64;
  private static final int MAX_PARTIAL_IV_BYTES = 5;
  private static final int LENGTH_MASK = 7;
  private static final int WITH_KID = 1 << 3;
  private static final int WITH_CONTEXT = 1 << 4;
  private static final int RESERVED = 0b1110_0000;

  /** What an answer without a number of its own carries. */
  public static final OscoreOption EMPTY = new OscoreOption(null, null, null);

  private final byte @Nullable [] partialIv;
  private final byte @Nullable [] kidContext;
  private final byte @Nullable [] kid;

  private OscoreOption(
      byte @Nullable [] partialIv, byte @Nullable [] kidContext, byte @Nullable [] kid) {
    this.partialIv = partialIv;
    this.kidContext = kidContext;
    this.kid = kid;
  }

  /** The option of a request. */
  static OscoreOption ofRequest(long sequence, byte @Nullable [] kidContext, byte[] kid) {
    return new OscoreOption(partialIv(sequence), kidContext, kid);
  }

  /** The option of an answer under another context than its request (RFC 8613 appendix B.2). */
  static OscoreOption ofAnswer(byte[] kidContext) {
    return new OscoreOption(null, kidContext, null);
  }

  OscoreOption withoutKidContext() {
    return new OscoreOption(partialIv, null, kid);
  }

  /** RFC 8613 §6.1: as few bytes as possible; the number 0 takes one. */
  static byte[] partialIv(long sequence) {
    if (sequence < 0 || sequence > MAX_PARTIAL_IV) {
      throw new IllegalArgumentException("expected a sequence number below 2^40 - 1");
    }
    int length = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(sequence) + 7) / 8);
    var bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (sequence >>> (8 * (length - 1 - i)));
    }
    return bytes;
  }

  /** Reads an option. Every option has exactly one form: any other is refused. */
  public static OscoreOption decode(byte[] value) throws MalformedException {
    if (value.length == 0) {
      return EMPTY;
    }
    int flags = value[0] & 0xff;
    int ivBytes = flags & LENGTH_MASK;
    // RFC 8613 §6.1: reserved bits are zero, 6 and 7 are reserved, and all zero is an empty option.
    if ((flags & RESERVED) != 0 || ivBytes > MAX_PARTIAL_IV_BYTES || flags == 0) {
      throw malformed("expected no reserved bits in its flags");
    }
    int at = 1;
    byte[] iv = ivBytes == 0 ? null : part(value, at, ivBytes);
    at += ivBytes;
    byte[] context = null;
    if ((flags & WITH_CONTEXT) != 0) {
      int length = part(value, at, 1)[0] & 0xff;
      if (length > MAX_CONTEXT_BYTES) {
        throw malformed("expected at most " + MAX_CONTEXT_BYTES + " bytes of kid context");
      }
      context = part(value, at + 1, length);
      at += 1 + length;
    }
    byte[] kid = (flags & WITH_KID) == 0 ? null : part(value, at, value.length - at);
    if (kid == null && at != value.length) {
      throw malformed("expected nothing after its last part");
    }
    if (kid != null && kid.length > MAX_ID_BYTES) {
      throw malformed("expected at most " + MAX_ID_BYTES + " bytes of kid");
    }
    if (iv != null) {
      checkPartialIv(iv);
    }
    return new OscoreOption(iv, context, kid);
  }

  private static void checkPartialIv(byte[] iv) throws MalformedException {
    if (iv.length > 1 && iv[0] == 0) {
      throw malformed("expected a Partial IV without leading zeros");
    }
    if (number(iv) > MAX_PARTIAL_IV) {
      throw malformed("expected a Partial IV below 2^40 - 1");
    }
  }

  private static byte[] part(byte[] value, int from, int length) throws MalformedException {
    if (length > value.length - from) {
      throw malformed("expected more bytes, got its end");
    }
    return Arrays.copyOfRange(value, from, from + length);
  }

  private static MalformedException malformed(String problem) {
    return new MalformedException("OSCORE option", problem);
  }

  private static long number(byte[] partialIv) {
    long number = 0;
    for (byte b : partialIv) {
      number = number << 8 | (b & 0xff);
    }
    return number;
  }

  /** Its only form in bytes. */
  public byte[] encode() {
    if (partialIv == null && kidContext == null && kid == null) {
      return new byte[0];
    }
    var out = new ByteArrayOutputStream();
    out.write(
        (partialIv == null ? 0 : partialIv.length)
            | (kid == null ? 0 : WITH_KID)
            | (kidContext == null ? 0 : WITH_CONTEXT));
    if (partialIv != null) {
      out.write(partialIv, 0, partialIv.length);
    }
    if (kidContext != null) {
      out.write(kidContext.length);
      out.write(kidContext, 0, kidContext.length);
    }
    if (kid != null) {
      out.write(kid, 0, kid.length);
    }
    return out.toByteArray();
  }

  /** The sequence number, if it has one. */
  public OptionalLong sequence() {
    return partialIv == null ? OptionalLong.empty() : OptionalLong.of(number(partialIv));
  }

  byte @Nullable [] partialIv() {
    return partialIv;
  }

  /** The sender's id, if it has one. */
  public Optional<byte[]> kid() {
    return Optional.ofNullable(kid).map(byte[]::clone);
  }

  /** What names the ID Context, if anything does. */
  public Optional<byte[]> kidContext() {
    return Optional.ofNullable(kidContext).map(byte[]::clone);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OscoreOption that && Arrays.equals(encode(), that.encode());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encode());
  }
}
