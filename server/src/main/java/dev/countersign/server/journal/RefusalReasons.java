// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.journal;

import dev.countersign.protocol.x509.ChainRefusedException;
import dev.countersign.server.credentials.CredentialRefusedException;

/** From the rule that was broken to the reason that a person is told. */
public final class RefusalReasons {
  private RefusalReasons() {}

  /** Why a credential was refused. */
  public static Reason of(CredentialRefusedException refusal) {
    return switch (refusal.reason()) {
      case CHAIN ->
          refusal.getCause() instanceof ChainRefusedException chain
              ? of(chain)
              : Reason.FOREIGN_CERTIFICATE;
      case UNKNOWN_CERTIFICATE -> Reason.CERTIFICATE_UNKNOWN;
      case NOT_AN_OPERATOR -> Reason.NOT_AN_OPERATOR;
      case REVOKED -> Reason.REVOKED;
      case RETIRED -> Reason.RETIRED;
      case NOT_THE_NEWEST -> Reason.NOT_THE_NEWEST;
      case DEVICE_REMOVED, DEVICE_NOT_ACTIVE -> Reason.DEVICE_NOT_ENROLLED;
      case SUSPENDED -> Reason.SUSPENDED;
      case KEY_REPLACED -> Reason.KEY_REPLACED;
      case LEVEL_TOO_LOW -> Reason.LEVEL_TOO_LOW;
      case NO_TOKEN_SHOWN -> Reason.NO_TOKEN_SHOWN;
      case UNKNOWN_SERIAL -> Reason.UNKNOWN_SERIAL;
      case NO_TOKEN -> Reason.NO_TOKEN;
      case WRONG_TOKEN -> Reason.WRONG_TOKEN;
      case TOKEN_VOID -> Reason.TOKEN_VOID;
      case TOKEN_EXPIRED -> Reason.TOKEN_EXPIRED;
      case TOKEN_USED -> Reason.TOKEN_USED;
    };
  }

  /** Why a chain of certificates was refused. */
  public static Reason of(ChainRefusedException refusal) {
    return switch (refusal.reason()) {
      case NO_CERTIFICATE -> Reason.NO_CERTIFICATE;
      case MALFORMED -> Reason.CERTIFICATE_UNREADABLE;
      case UNKNOWN_ISSUER -> Reason.FOREIGN_CERTIFICATE;
      case BAD_SIGNATURE -> Reason.FORGED_CERTIFICATE;
      case NOT_YET_VALID -> Reason.CERTIFICATE_NOT_YET_VALID;
      case EXPIRED -> Reason.CERTIFICATE_EXPIRED;
      case LAPSED_TOO_LONG -> Reason.CERTIFICATE_LAPSED_TOO_LONG;
      case WEAK_ALGORITHM -> Reason.CERTIFICATE_WEAK;
      case CONSTRAINT, WRONG_PURPOSE, WRONG_NAME, WRONG_KEY -> Reason.CERTIFICATE_WRONG_USE;
    };
  }
}
