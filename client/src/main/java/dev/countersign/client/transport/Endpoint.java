// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.transport;

import dev.countersign.client.identity.DeviceIdentity;
import java.net.URI;
import java.util.Optional;

/**
 * A server to be reached, with all it takes to know it and to be known by it.
 *
 * @param server {@code https://host:port}; the host is the name its certificate must have
 * @param trust by what the server is verified
 * @param floor an instant that has passed
 * @param identity the client certificate to show, if there is one yet
 */
public record Endpoint(
    URI server, ServerTrust trust, TimeFloor floor, Optional<DeviceIdentity> identity) {
  public Endpoint {
    if (!"https".equals(server.getScheme()) || server.getHost() == null) {
      throw new IllegalArgumentException("expected https://host:port, got " + server);
    }
  }

  /** The trust manager for a connection to this server; the only one a transport may use. */
  public ServerTrustManager trustManager() {
    return new ServerTrustManager(trust, server.getHost(), floor);
  }
}
