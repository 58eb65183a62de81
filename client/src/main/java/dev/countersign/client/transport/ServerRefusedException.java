// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.transport;

import dev.countersign.protocol.ProtocolException;

/**
 * The server was verified, and answered no. 401 says that the credential does not count (any more);
 * why is in the server's log, since a peer without a credential is told nothing.
 */
public final class ServerRefusedException extends ProtocolException {
  private static final long serialVersionUID = 1L;

  private final int status;

  public ServerRefusedException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }
}
