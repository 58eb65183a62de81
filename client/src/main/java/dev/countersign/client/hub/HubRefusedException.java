// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.hub;

import dev.countersign.protocol.ProtocolException;

/** The hub was verified, and answered no. */
public final class HubRefusedException extends ProtocolException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String problem;

  HubRefusedException(int status, String problem, String detail) {
    super("the hub answered " + status + (detail.isEmpty() ? "" : ": " + detail));
    this.status = status;
    this.problem = problem;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /**
   * What kind of problem it is (RFC 9457), such as {@code pairing-closed}; empty if the hub did not
   * say.
   */
  public String problem() {
    return problem;
  }
}
