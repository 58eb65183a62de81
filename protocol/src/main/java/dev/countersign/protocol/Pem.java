// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Blocks of text that hold bytes (RFC 7468 §2). What is in them is for others to judge. */
public final class Pem {
  private static final int LINE_CHARS = 64;

  private Pem() {}

  /**
   * A block, with a line feed at its end. If it holds a key, so does the text.
   *
   * @param label such as {@code PRIVATE KEY}
   */
  public static String block(String label, byte[] content) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(LINE_CHARS, new byte[] {'\n'}).encodeToString(content)
        + "\n-----END "
        + label
        + "-----\n";
  }

  /**
   * The content of the first block with this label, whatever else is in the text.
   *
   * @return empty if there is none
   * @throws MalformedException if it is no Base64; never with its content
   */
  public static Optional<byte[]> find(String label, String text) throws MalformedException {
    Matcher matcher =
        Pattern.compile(
                "-----BEGIN " + label + "-----([A-Za-z0-9+/=\\s]+)-----END " + label + "-----")
            .matcher(text);
    if (!matcher.find()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Base64.getMimeDecoder().decode(matcher.group(1)));
    } catch (IllegalArgumentException e) {
      throw new MalformedException(label, "expected Base64 between the PEM lines");
    }
  }
}
