// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a connection speaks, agreed on in the handshake (RFC 7301), so that no message of one can be
 * passed off as one of another.
 */
enum Protocol {
  PAIRING("cs-pair/1"),
  PHONE("cs/1"),
  /** For a browser on the hotspot. */
  PAGE("http/1.1");

  private final String alpn;

  Protocol(String alpn) {
    this.alpn = alpn;
  }

  /**
   * Chooses among what a client offers.
   *
   * @return null if it offers nothing of ours, which the platform answers with the alert
   *     no_application_protocol
   */
  static @Nullable String choose(List<String> offered) {
    for (Protocol protocol : values()) {
      if (offered.contains(protocol.alpn)) {
        return protocol.alpn;
      }
    }
    return null;
  }

  /** What was chosen; a client that offers nothing is a browser of the plainest kind. */
  static Protocol of(@Nullable String alpn) {
    for (Protocol protocol : values()) {
      if (protocol.alpn.equals(alpn)) {
        return protocol;
      }
    }
    return PAGE;
  }
}
