// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import dev.countersign.protocol.MalformedException;
import java.util.Arrays;

/** An OSCORE option and the ciphertext it belongs to. Immutable. */
public final class OscoreMessage implements SealedMessage {
  static final String PREFIX = "o1.";

  /** RFC 8613 §11.1: an empty option is written as one zero byte. */
  private static final String EMPTY_OPTION = "AA";

  private final OscoreOption option;
  private final byte[] ciphertext;

  OscoreMessage(OscoreOption option, byte[] ciphertext) {
    this.option = option;
    this.ciphertext = ciphertext;
  }

  /**
   * A message from the two parts that HTTP carries apart (RFC 8613 §11.1).
   *
   * @param header the value of the header OSCORE, in Base64url
   */
  public static OscoreMessage of(String header, byte[] ciphertext) throws MalformedException {
    byte[] option =
        header.equals(EMPTY_OPTION) ? new byte[0] : nonEmpty(SealedMessage.base64(header));
    return of(option, ciphertext);
  }

  /** A message from its two parts. */
  public static OscoreMessage of(byte[] option, byte[] ciphertext) throws MalformedException {
    if (ciphertext.length > MAX_BYTES) {
      throw new MalformedException("body", "expected at most " + MAX_BYTES + " bytes");
    }
    return new OscoreMessage(OscoreOption.decode(option), ciphertext.clone());
  }

  private static byte[] nonEmpty(byte[] option) throws MalformedException {
    if (option.length == 0) {
      throw new MalformedException("OSCORE option", "expected AA for an empty one");
    }
    return option;
  }

  static OscoreMessage parseToken(String parts) throws MalformedException {
    int dot = parts.indexOf('.');
    if (dot < 0) {
      throw new MalformedException("token", "expected o1.<option>.<ciphertext>");
    }
    return of(parts.substring(0, dot), SealedMessage.base64(parts.substring(dot + 1)));
  }

  public OscoreOption option() {
    return option;
  }

  /** The option as the header OSCORE has it. */
  public String header() {
    byte[] encoded = option.encode();
    return encoded.length == 0 ? EMPTY_OPTION : SealedMessage.text(encoded);
  }

  public byte[] ciphertext() {
    return ciphertext.clone();
  }

  byte[] sharedCiphertext() {
    return ciphertext;
  }

  /**
   * Without the kid context, which names keys and is under no seal: with it or without, the message
   * opens under the same.
   */
  @Override
  public byte[] sealedBytes() {
    return LostState.join(option.withoutKidContext().encode(), ciphertext);
  }

  @Override
  public String token() {
    return PREFIX + header() + "." + SealedMessage.text(ciphertext);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OscoreMessage that
        && option.equals(that.option)
        && Arrays.equals(ciphertext, that.ciphertext);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ciphertext);
  }
}
