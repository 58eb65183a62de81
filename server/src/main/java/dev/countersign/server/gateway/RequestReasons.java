// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway;

import dev.countersign.server.journal.Reason;

/** From the problem that a peer was answered to the reason that an operator is told. */
public final class RequestReasons {
  private RequestReasons() {}

  /**
   * Why a request was not granted.
   *
   * @param problemType the last part of the problem's type
   */
  public static Reason of(String problemType) {
    return switch (problemType) {
      case "malformed" -> Reason.MALFORMED;
      case "not-found", "method" -> Reason.NO_SUCH_PATH;
      case "media-type", "not-acceptable" -> Reason.MEDIA_TYPE;
      case "too-large", "line-too-long", "header-too-large" -> Reason.TOO_LARGE;
      case "request-timeout" -> Reason.REQUEST_TIMEOUT;
      case "sequence-reused" -> Reason.SEQUENCE_REUSED;
      case "sequence-too-old" -> Reason.SEQUENCE_TOO_OLD;
      case "key-in-use" -> Reason.KEY_IN_USE;
      case "quota" -> Reason.QUOTA;
      case "too-many-token-failures" -> Reason.TOO_MANY_TOKEN_FAILURES;
      case "overloaded", "disk-full" -> Reason.OVERLOADED;
      default -> Reason.REQUEST_REFUSED;
    };
  }
}
