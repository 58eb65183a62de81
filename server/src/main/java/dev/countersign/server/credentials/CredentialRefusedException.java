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
    KEY_REPLACED("the key is not one of the device any more"),
    LEVEL_TOO_LOW("the device has to come by a stronger way"),
    NO_TOKEN_SHOWN("no enrolment token was shown"),
    UNKNOWN_SERIAL("the serial is not registered"),
    NO_TOKEN("the device has no token"),
    WRONG_TOKEN("the token is not this device's current one"),
    TOKEN_VOID("the token is void"),
    TOKEN_EXPIRED("the token has expired"),
    TOKEN_USED("the token was used before");

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
  private final String detail;

  public CredentialRefusedException(Reason reason, String detail) {
    super(reason.meaning() + (detail.isEmpty() ? "" : ": " + detail));
    this.reason = reason;
    this.detail = detail;
  }

  public CredentialRefusedException(Reason reason, Throwable cause) {
    super(reason.meaning() + ": " + cause.getMessage(), cause);
    this.reason = reason;
    this.detail = String.valueOf(cause.getMessage());
  }

  public Reason reason() {
    return reason;
  }

  /** What this case adds to the reason; may be empty. */
  public String detail() {
    return detail;
  }
}
