// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.x509;

import dev.countersign.protocol.ProtocolException;

/** A certificate chain that was not accepted, with the rule it broke. */
public final class ChainRefusedException extends ProtocolException {
  private static final long serialVersionUID = 1L;

  /** The rule that was broken. Fine enough to say what to mend. */
  public enum Reason {
    NO_CERTIFICATE("no certificate was presented"),
    MALFORMED("not an X.509 certificate (RFC 5280 §4.1)"),
    UNKNOWN_ISSUER("no path to a trust anchor (RFC 5280 §6.1)"),
    BAD_SIGNATURE("a signature in the path does not verify (RFC 5280 §6.1.3 (a)(1))"),
    NOT_YET_VALID("not valid yet (RFC 5280 §6.1.3 (a)(2))"),
    EXPIRED("no longer valid (RFC 5280 §6.1.3 (a)(2))"),
    LAPSED_TOO_LONG("expired longer ago than a renewal allows"),
    WEAK_ALGORITHM("a key or a signature of an algorithm that is too weak or unknown here"),
    CONSTRAINT("a constraint of an issuer is not met (RFC 5280 §6.1.4)"),
    WRONG_PURPOSE("not issued for this use (RFC 5280 §4.2.1.3, §4.2.1.12)"),
    WRONG_NAME("issued for another name (RFC 9525 §6)"),
    WRONG_KEY("another key than the one that is known");

    private final String meaning;

    Reason(String meaning) {
      this.meaning = meaning;
    }

    /** The rule in words, with its source. */
    public String meaning() {
      return meaning;
    }
  }

  private static final int MAX_DETAIL_CHARS = 300;

  private final Reason reason;

  /**
   * A refusal.
   *
   * @param detail what was expected, and what came; may hold what a stranger chose
   */
  public ChainRefusedException(Reason reason, String detail) {
    super(message(reason, detail));
    this.reason = reason;
  }

  ChainRefusedException(Reason reason, String detail, Throwable cause) {
    super(message(reason, detail), cause);
    this.reason = reason;
  }

  /** Details hold names that a stranger chose: short, and with nothing that could forge a line. */
  private static String message(Reason reason, String detail) {
    if (detail.isEmpty()) {
      return reason.meaning();
    }
    String printable = detail.replaceAll("[^\\x20-\\x7e]", "?");
    return reason.meaning()
        + ": "
        + (printable.length() <= MAX_DETAIL_CHARS
            ? printable
            : printable.substring(0, MAX_DETAIL_CHARS) + "…");
  }

  /** For what could not even be read as a certificate. */
  public static ChainRefusedException malformed(ProtocolException cause) {
    return new ChainRefusedException(Reason.MALFORMED, "", cause);
  }

  public Reason reason() {
    return reason;
  }
}
