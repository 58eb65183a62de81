// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** What a stranger said, fit for a journal. */
final class PskIdentityText {
  /** A serial has up to 64. */
  private static final int MAX_CHARS = 70;

  private PskIdentityText() {}

  static String printable(byte[] identity) {
    int length = Math.min(identity.length, MAX_CHARS);
    String text = new String(identity, 0, length, US_ASCII).replaceAll("[^\\x21-\\x7e]", "?");
    return length < identity.length ? text + "..." : text;
  }
}
