// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.keys.Hmac;
import java.util.List;

/** What a hub answers to {@code POST /pair/code}: {@code [shareV, confirmV]}. Immutable. */
public final class Spake2Answer {
  private static final List<String> REQUEST = List.of("shareP");
  private static final List<String> ANSWER = List.of("shareV", "confirmV");

  private final byte[] shareV;
  private final byte[] confirmV;

  Spake2Answer(byte[] shareV, byte[] confirmV) {
    this.shareV = shareV;
    this.confirmV = confirmV;
  }

  /**
   * Reads the body of the request, {@code [shareP]}, for {@link Spake2Verifier#answer}.
   *
   * @return 65 bytes; whether they are a point is not judged yet
   */
  public static byte[] parseRequest(byte[] body) throws MalformedException {
    byte[] share = ByteStrings.decode(body, REQUEST, 0).get(0);
    return ByteStrings.exactly("shareP", Spake2Group.POINT_BYTES, share);
  }

  /** Reads the body of the answer. */
  public static Spake2Answer parse(byte[] body) throws MalformedException {
    List<byte[]> parts = ByteStrings.decode(body, ANSWER, 0);
    return new Spake2Answer(
        ByteStrings.exactly("shareV", Spake2Group.POINT_BYTES, parts.get(0)),
        ByteStrings.exactly("confirmV", Hmac.BYTES, parts.get(1)));
  }

  /** 65 bytes. */
  public byte[] shareV() {
    return shareV.clone();
  }

  /** 32 bytes. */
  public byte[] confirmV() {
    return confirmV.clone();
  }

  /** The body. */
  public byte[] encode() {
    return ByteStrings.encode(List.of(shareV, confirmV));
  }
}
