// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.x509;

/**
 * What a certificate is shown for. A chain is never simply valid: it is valid for something (RFC
 * 5280 §4.2.1.12), and for a server under one name (RFC 9525).
 */
public sealed interface Purpose {
  /** A device, an operator or a phone that opened a TLS connection. */
  record TlsClient() implements Purpose {}

  /**
   * The server that was meant to be reached.
   *
   * @param name a DNS name or an IP address literal, as in the URL
   */
  record TlsServer(String name) implements Purpose {}
}
