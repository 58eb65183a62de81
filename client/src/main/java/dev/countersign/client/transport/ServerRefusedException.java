// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.transport;

import dev.countersign.protocol.ProtocolException;
import java.time.Duration;
import java.util.Optional;

/**
 * The server was verified, and answered no. 401 says that the credential does not count (any more);
 * why is in the server's log, since a peer without a credential is told nothing.
 */
public final class ServerRefusedException extends ProtocolException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String problem;
  private final long retryAfterSeconds;

  /**
   * A refusal.
   *
   * @param status the HTTP status
   * @param problem the last part of the problem's type (RFC 9457), such as {@code sequence-reused};
   *     empty if the answer has none
   * @param retryAfterSeconds negative if the server did not say
   */
  ServerRefusedException(int status, String problem, long retryAfterSeconds, String message) {
    super(message);
    this.status = status;
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /**
   * What kind of problem it is, such as {@code sequence-reused}; empty if the server did not say.
   */
  public String problem() {
    return problem;
  }

  /** When the server wants to be asked again. */
  public Optional<Duration> retryAfter() {
    return retryAfterSeconds < 0
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(retryAfterSeconds));
  }
}
