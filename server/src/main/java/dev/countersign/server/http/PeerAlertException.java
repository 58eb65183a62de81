// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import javax.net.ssl.SSLException;

/** The peer ended the handshake with an alert (RFC 8446 §6.2) that could be read. */
public final class PeerAlertException extends SSLException {
  private static final long serialVersionUID = 1L;

  private final int description;

  PeerAlertException(int description, Throwable cause) {
    super("the peer sent alert " + description, cause);
    this.description = description;
  }

  /** The number of the alert. */
  public int description() {
    return description;
  }
}
