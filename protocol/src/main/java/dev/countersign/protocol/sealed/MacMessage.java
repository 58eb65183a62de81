// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.cbor.CborReader;
import dev.countersign.protocol.cbor.CborWriter;
import dev.countersign.protocol.keys.Hmac;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A COSE_Mac0 message of HMAC 256/256, untagged (RFC 9052 §6.2): {@code [h'a10105', {4: kid} or {},
 * payload, tag]}. Immutable.
 */
public final class MacMessage implements SealedMessage {
  static final String PREFIX = "m1.";
  static final int TAG_BYTES = Hmac.BYTES;

  /** {1: 5}, the algorithm HMAC 256/256. */
  private static final byte[] PROTECTED = {(byte) 0xa1, 1, 5};

  private static final int KID = 4;
  private static final int ITEMS = 4;
  private static final int MAX_KID_BYTES = 64;

  private final byte @Nullable [] kid;
  private final byte[] payload;
  private final byte[] tag;

  MacMessage(byte @Nullable [] kid, byte[] payload, byte[] tag) {
    this.kid = kid;
    this.payload = payload;
    this.tag = tag;
  }

  /** Reads a message; of the forms that mean the same only the shortest. */
  public static MacMessage decode(byte[] bytes) throws MalformedException {
    var in = new CborReader(bytes);
    if (in.array("message") != ITEMS
        || !Arrays.equals(in.bytes("protected", PROTECTED.length), PROTECTED)) {
      throw new MalformedException("message", "expected a COSE_Mac0 of HMAC 256/256");
    }
    byte[] kid = null;
    int headers = in.map("unprotected");
    if (headers > 1 || (headers == 1 && in.unsigned("unprotected") != KID)) {
      throw new MalformedException("unprotected", "expected a kid and nothing else");
    }
    if (headers == 1) {
      kid = in.bytes("kid", MAX_KID_BYTES);
    }
    byte[] payload = in.bytes("payload", MAX_BYTES);
    byte[] tag = in.bytes("tag", TAG_BYTES);
    in.end();
    if (tag.length != TAG_BYTES) {
      throw new MalformedException("tag", "expected 32 bytes, got " + tag.length);
    }
    var message = new MacMessage(kid, payload, tag);
    if (!Arrays.equals(message.encode(), bytes)) {
      throw new MalformedException("message", "expected the shortest form of CBOR");
    }
    return message;
  }

  /** Its bytes. */
  public byte[] encode() {
    var out = new CborWriter().array(ITEMS).bytes(PROTECTED);
    if (kid == null) {
      out.map(0);
    } else {
      out.map(1).unsigned(KID).bytes(kid);
    }
    return out.bytes(payload).bytes(tag).toByteArray();
  }

  @Override
  public byte[] sealedBytes() {
    return encode();
  }

  /** What the MAC is over (RFC 9052 §6.3). */
  static byte[] authenticated(byte[] externalAad, byte[] payload) {
    return new CborWriter()
        .array(ITEMS)
        .text("MAC0")
        .bytes(PROTECTED)
        .bytes(externalAad)
        .bytes(payload)
        .toByteArray();
  }

  /** The key it claims to be made with; an answer names none. */
  public Optional<byte[]> kid() {
    return Optional.ofNullable(kid).map(byte[]::clone);
  }

  byte[] payload() {
    return payload;
  }

  byte[] tag() {
    return tag;
  }

  @Override
  public String token() {
    return PREFIX + SealedMessage.text(encode());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MacMessage that && Arrays.equals(encode(), that.encode());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(tag);
  }
}
