// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Base64;

/** A sealed message in the form in which it is carried. Nothing in it has been checked. */
public sealed interface CarriedMessage {
  /** Of the value of an empty OSCORE option (RFC 8613 §11.1): a flag byte of nothing. */
  String EMPTY_OPTION = "AA";

  /** The message as text: {@code o1.} or {@code m1.} and base64url. */
  String token();

  /** As text, of either kind. */
  record Token(String token) implements CarriedMessage {}

  /**
   * OSCORE as HTTP carries it.
   *
   * @param option the value of the OSCORE option; may be empty
   */
  @SuppressWarnings("ArrayRecordComponent") // made, read once, and gone
  record Oscore(byte[] option, byte[] ciphertext) implements CarriedMessage {
    @Override
    public String token() {
      return "o1." + optionText() + "." + base64Url(ciphertext);
    }

    /** As the header field {@code OSCORE} has it. */
    public String optionText() {
      return option.length == 0 ? EMPTY_OPTION : base64Url(option);
    }

    private static String base64Url(byte[] bytes) {
      return new String(Base64.getUrlEncoder().withoutPadding().encode(bytes), US_ASCII);
    }
  }
}
