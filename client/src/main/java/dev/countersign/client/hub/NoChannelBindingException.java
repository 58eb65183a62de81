// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.hub;

import java.io.IOException;

/**
 * The transport does not give the channel binding of RFC 9266, without which a pairing could be
 * forwarded by somebody in the middle. Another transport is needed; {@link
 * BouncyCastleHubTransport} has it everywhere.
 */
public final class NoChannelBindingException extends IOException {
  private static final long serialVersionUID = 1L;

  NoChannelBindingException() {
    super(
        "this transport cannot pair: expected the channel binding tls-exporter (RFC 9266, 32"
            + " bytes), got none");
  }
}
