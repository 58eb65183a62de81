// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.hub;

/** What is spoken on a channel, chosen by ALPN (RFC 7301). The two share no route. */
public enum HubProtocol {
  /** Pairing, and whatever else a phone may ask before the hub knows it. */
  PAIRING("cs-pair/1"),
  /** For phones that are paired. */
  CONTROL("cs/1");

  private final String alpn;

  HubProtocol(String alpn) {
    this.alpn = alpn;
  }

  /** As it is named in ALPN. */
  public String alpn() {
    return alpn;
  }
}
