// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.est;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.MalformedException;
import java.util.Base64;

/**
 * The Base64 in which EST carries its binary bodies. RFC 8951 §3: it is always Base64, whatever a
 * Content-Transfer-Encoding header says, and may hold white space.
 */
public final class EstBody {
  private static final int LINE = 76;

  private EstBody() {}

  /** Reads the binary content of a body. */
  public static byte[] decode(byte[] body) throws MalformedException {
    var compact = new byte[body.length];
    int length = 0;
    for (byte b : body) {
      if (b != '\r' && b != '\n' && b != ' ' && b != '\t') {
        compact[length++] = b;
      }
    }
    if (length == 0) {
      throw new MalformedException("body", "expected a request in Base64, got nothing");
    }
    try {
      return Base64.getDecoder().decode(new String(compact, 0, length, US_ASCII));
    } catch (IllegalArgumentException e) {
      throw new MalformedException(
          "body",
          "expected DER in Base64 without PEM lines (openssl req -outform DER | base64)",
          e);
    }
  }

  /** Writes a body, in lines as MIME has them. */
  public static byte[] encode(byte[] content) {
    return Base64.getMimeEncoder(LINE, new byte[] {'\r', '\n'}).encode(content);
  }
}
