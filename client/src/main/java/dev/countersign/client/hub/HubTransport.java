// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.hub;

import java.io.IOException;

/**
 * Opens TLS connections to hubs. {@link BouncyCastleHubTransport} does it on every platform; an app
 * may bring one of its own.
 *
 * <p>An implementation offers TLS 1.3 and nothing older, offers the call's protocol by ALPN, never
 * resumes a session and sends no early data. It hands the chain that the server presents to {@link
 * HubCall#judge} inside the handshake, and gives up the connection with whatever that throws. The
 * SDK looks whether it did.
 */
public interface HubTransport {
  /**
   * Opens a channel, with its handshake done.
   *
   * @throws IOException if there is none: no network, or a server that was refused
   */
  HubChannel open(HubCall call) throws IOException;
}
