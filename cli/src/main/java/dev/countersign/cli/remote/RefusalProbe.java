// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.remote;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Finds out whether a connection that broke was turned away.
 *
 * <p>In TLS 1.3 a server judges the client's certificate when the client has already begun to send
 * (RFC 8446 §4.4.2.4). Its alert may then be lost under a reset of the connection. A client that
 * sends nothing and listens gets the alert every time.
 */
final class RefusalProbe {
  private static final int TIMEOUT_MILLIS = 3000;

  /** What a URL without a port means. */
  private static final int HTTPS_PORT = 443;

  private RefusalProbe() {}

  /** Whether the server answers a handshake of this context with an alert. Sends no data. */
  static boolean isTurnedAway(URI server, SSLContext context) {
    int port = server.getPort() < 0 ? HTTPS_PORT : server.getPort();
    try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket()) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(server.getHost(), port), TIMEOUT_MILLIS);
      socket.startHandshake();
      socket.getInputStream().read();
      return false;
    } catch (SSLException e) {
      return ConnectionFailures.isAlert(e);
    } catch (IOException e) {
      return false;
    }
  }
}
