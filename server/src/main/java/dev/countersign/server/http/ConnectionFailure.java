// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * What became of a connection that never carried a request, or of a request that no handler saw.
 * None of it holds a byte of what the peer sent as content.
 */
public sealed interface ConnectionFailure {
  /** Which listener, as the configuration names it. */
  String listener();

  /**
   * The peer's address, that of the socket: IPv4 with dots, IPv6 as RFC 5952 writes it, no port.
   */
  String address();

  /** Turned away before TLS cost anything. */
  record NotAccepted(String listener, String address, Limit limit) implements ConnectionFailure {}

  /**
   * Connected and left again without a byte: a health check, a port scan, or a network that went
   * away.
   */
  record SaidNothing(String listener, String address) implements ConnectionFailure {}

  /**
   * TLS did not come about: no common version or suite, not TLS at all, an alert of the peer (it
   * did not accept our certificate), a peer that fell silent or went away in the middle.
   *
   * @param cause in the words of the TLS library
   * @param presented what the peer had shown by then, unproven
   */
  record HandshakeFailed(
      String listener, String address, Throwable cause, Optional<X509Certificate> presented)
      implements ConnectionFailure {}

  /**
   * Answered by the listener itself: what came was no HTTP, too large, too slow, or more than is
   * taken at once.
   *
   * @param problemType the last part of the URN in the answer
   * @param presented whose key the peer proved to hold, unjudged
   */
  record RequestRefused(
      String listener,
      String address,
      int status,
      String problemType,
      Optional<X509Certificate> presented)
      implements ConnectionFailure {}

  /** Of which there were too many. */
  enum Limit {
    /** Connections of one address, or of one IPv6 network of 64 bits. */
    CONNECTIONS_OF_ADDRESS,
    /** Connections in all. */
    CONNECTIONS,
    /** TLS handshakes of one address that are under way. */
    HANDSHAKES_OF_ADDRESS,
    /** TLS handshakes that are under way in all. */
    HANDSHAKES
  }
}
