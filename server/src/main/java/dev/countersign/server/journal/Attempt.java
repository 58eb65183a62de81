// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.journal;

/**
 * An attempt that came to nothing, as a listener saw it. Equal ones are counted, not repeated.
 *
 * @param listener where it came in
 * @param address of the peer, without its port, which changes each time
 * @param detail what this one's case adds to the reason, at most {@value #MAX_DETAIL_CHARS}
 *     printable characters; may be empty; never a secret
 */
public record Attempt(String listener, String address, Reason reason, String detail, Claim claim) {
  static final int MAX_DETAIL_CHARS = 300;

  public Attempt {
    detail = printable(detail);
  }

  /** Details may quote a stranger: short, and with nothing that could forge a line. */
  private static String printable(String text) {
    String printable = text.replaceAll("[^\\x20-\\x7e]", "?");
    return printable.length() <= MAX_DETAIL_CHARS
        ? printable
        : printable.substring(0, MAX_DETAIL_CHARS - 3) + "...";
  }
}
