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
 * @param maxPipelinedRequests requests that wait on one connection for the answer to the one before
 *     them; with more the connection ends
 * @param maxBodyBytesInMemory bodies of all requests that are not answered yet; more are answered
 *     with 503
 */
public record HttpLimits(
    int maxRequestBytes,
    int maxHeaderBytes,
    int maxConcurrentRequests,
    int maxPipelinedRequests,
    long maxBodyBytesInMemory,
    Timeouts timeouts,
    Connections connections) {
  public HttpLimits {
    if (maxRequestBytes < 1024 || maxHeaderBytes < 1024 || maxConcurrentRequests < 1) {
      throw new IllegalArgumentException("limits must leave room for one small request");
    }
    if (maxPipelinedRequests < 1 || maxBodyBytesInMemory < maxRequestBytes) {
      throw new IllegalArgumentException("limits must leave room for the largest request");
    }
  }

  /**
   * How long a peer may take.
   *
   * @param idle a connection without traffic is closed after this
   * @param handshake TLS must be up within this
   * @param request from the first byte of a request to its last
   * @param answer from the moment the peer stops taking what was answered, until it has taken that
   */
  public record Timeouts(Duration idle, Duration handshake, Duration request, Duration answer) {
    public Timeouts {
      for (Duration timeout : new Duration[] {idle, handshake, request, answer}) {
        if (timeout.toSeconds() < 1) {
          throw new IllegalArgumentException("timeouts must be at least one second");
        }
      }
    }
  }

  /**
   * How many connections may be open. An IPv6 network of 64 bits counts as one address.
   *
   * @param max in all
   * @param maxPerAddress of one address
   * @param maxHandshakes TLS handshakes under way in all
   * @param maxHandshakesPerAddress TLS handshakes under way of one address
   */
  public record Connections(
      int max, int maxPerAddress, int maxHandshakes, int maxHandshakesPerAddress) {
    public Connections {
      if (max < 1 || maxPerAddress < 1 || maxHandshakes < 1 || maxHandshakesPerAddress < 1) {
        throw new IllegalArgumentException("limits must leave room for one connection");
      }
    }
  }
}
