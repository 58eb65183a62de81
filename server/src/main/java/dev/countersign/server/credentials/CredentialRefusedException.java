// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.credentials;

/**
 * A credential that does not open the door. The reason is for the journal; the peer gets the same
 * answer for all but a suspension.
 */
public final class CredentialRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why, for those who operate the fleet. */
  public enum Reason {
    CHAIN("the certificate chain was refused"),
    UNKNOWN_CERTIFICATE("the certificate is not in the ledger"),
    NOT_AN_OPERATOR("the certificate is not a current operator's"),
    REVOKED("the certificate or its device is revoked"),
    RETIRED("a successor of the certificate is in use"),
    NOT_THE_NEWEST("an expired certificate that has a successor"),
    DEVICE_REMOVED("the device is not in the registry"),
    DEVICE_NOT_ACTIVE("the device has not enrolled"),
    SUSPENDED("the device is suspended"),
    BAD_TOKEN("the enrolment token was refused");

    private final String meaning;

    Reason(String meaning) {
      this.meaning = meaning;
    }

    /** In words, for logs and people. */
    public String meaning() {
      return meaning;
    }
  }

  private final Reason reason;

  public CredentialRefusedException(Reason reason, String detail) {
    super(reason.meaning() + (detail.isEmpty() ? "" : ": " + detail));
    this.reason = reason;
  }

  public CredentialRefusedException(Reason reason, Throwable cause) {
    super(reason.meaning() + ": " + cause.getMessage(), cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
