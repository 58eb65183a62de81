// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import java.time.Duration;

/**
 * What one HTTP listener takes before it refuses.
 *
 * @param maxRequestBytes largest body; more is answered with 413
 * @param maxHeaderBytes all header fields together; more is answered with 431
 * @param maxConcurrentRequests requests being worked on; more are answered with 503
 * @param idleTimeout a connection without traffic is closed after this
 * @param handshakeTimeout a TLS handshake must be done within this
 */
public record HttpLimits(
    int maxRequestBytes,
    int maxHeaderBytes,
    int maxConcurrentRequests,
    Duration idleTimeout,
    Duration handshakeTimeout) {
  public HttpLimits {
    if (maxRequestBytes < 1024 || maxHeaderBytes < 1024 || maxConcurrentRequests < 1) {
      throw new IllegalArgumentException("limits must leave room for one small request");
    }
    if (idleTimeout.toSeconds() < 1 || handshakeTimeout.toSeconds() < 1) {
      throw new IllegalArgumentException("timeouts must be at least one second");
    }
  }

  /** The same limits with another largest body. */
  public HttpLimits withMaxRequestBytes(int bytes) {
    return new HttpLimits(
        bytes, maxHeaderBytes, maxConcurrentRequests, idleTimeout, handshakeTimeout);
  }
}
