// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

/** A station makes no hub of what it was given. Says why, and what to do. */
public final class StationRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong, for those who react differently. */
  public enum Reason {
    /** Another hub has the key. */
    REPEATED_KEY,
    /** Another hub has the serial. */
    REPEATED_SERIAL,
    /** A key that is malformed, weak, published, or not of P-256. */
    BAD_KEY,
    /** The station made as many hubs as its quota allows. */
    QUOTA_SPENT,
    /** The station's time is over, or has not begun, by this machine's clock. */
    NOT_ITS_TIME,
    /** The station may not make hubs in this domain. */
    DOMAIN,
    /** The quota, the authority or the ledger is not what it was. */
    TAMPERED,
    /** The hub has an identity already. */
    PROVISIONED,
    /** The hub has no identity yet, or one that this station may not follow. */
    NOT_PROVISIONED
  }

  private final Reason reason;
  private final String advice;

  StationRefusedException(Reason reason, String cause, String advice) {
    super(cause);
    this.reason = reason;
    this.advice = advice;
  }

  public Reason reason() {
    return reason;
  }

  /** What to do next. */
  public String advice() {
    return advice;
  }
}
