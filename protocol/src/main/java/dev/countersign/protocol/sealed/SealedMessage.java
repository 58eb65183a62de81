// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import dev.countersign.protocol.MalformedException;
import java.util.Base64;

/**
 * A message as it travels, before anybody opened it (docs/protocol.md, A message, step by step).
 * Nothing about it is true yet.
 */
public sealed interface SealedMessage permits OscoreMessage, MacMessage {
  /** Bytes of one message; larger bodies go block by block. */
  int MAX_BYTES = 65_536 + 1_024;

  /** Characters of the longest token: with prefix, dot, and the longest option or headers. */
  int MAX_TOKEN_CHARS = (MAX_BYTES + 192) * 4 / 3;

  /**
   * Reads a token, {@code o1.…} or {@code m1.…}.
   *
   * @throws MalformedException if it is none; the message does not repeat it
   */
  static SealedMessage parse(String token) throws MalformedException {
    if (token.length() > MAX_TOKEN_CHARS) {
      throw new MalformedException("token", "expected at most " + MAX_TOKEN_CHARS + " characters");
    }
    if (token.startsWith(OscoreMessage.PREFIX)) {
      return OscoreMessage.parseToken(token.substring(OscoreMessage.PREFIX.length()));
    } else if (token.startsWith(MacMessage.PREFIX)) {
      return MacMessage.decode(base64(token.substring(MacMessage.PREFIX.length())));
    }
    throw new MalformedException("token", "expected it to begin with o1. or m1.");
  }

  /**
   * The bytes of it that the seal is about. Two messages of one key with the same are one message,
   * whatever somebody on the way did to the rest.
   */
  byte[] sealedBytes();

  /** The message as text that a URL, a JSON field or a header can carry. */
  String token();

  /** Base64url without padding; of the forms that decode to the same bytes only the canonical. */
  static byte[] base64(String text) throws MalformedException {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      if (text(bytes).equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      throw new MalformedException("token", "expected Base64url", e);
    }
    throw new MalformedException("token", "expected Base64url without padding or stray bits");
  }

  /** Base64url without padding. */
  static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
