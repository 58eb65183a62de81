// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import dev.countersign.protocol.ProtocolException;

/** A certificate request, or the key in it, that gets no certificate. The client may read why. */
public final class RefusedRequestException extends ProtocolException {
  private static final long serialVersionUID = 1L;

  /** What is wrong, for those who react differently. */
  public enum Reason {
    /** The request is not signed by the private half of its key. */
    BAD_PROOF,
    /** A kind or size of key that is never certified. */
    UNSUPPORTED_KEY,
    /** The right kind, but made so badly that others can compute the private half. */
    WEAK_KEY,
    /** The private half is published: a test or demo key. Worth an alarm. */
    KNOWN_KEY
  }

  private final Reason reason;

  RefusedRequestException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
