// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a hub gives a phone.
 *
 * @param certificate the phone's, issued by the phone CA for the key of its request
 * @param phoneCa the hub's own authority for phones, signed by itself
 * @param hubChain the hub's leaf, its authority, the maker's root
 * @param role what the phone is from now on
 * @param epoch of the hub, from 1
 */
public record PairingGrant(
    X509Certificate certificate,
    X509Certificate phoneCa,
    List<X509Certificate> hubChain,
    Role role,
    long epoch) {
  static final int MIN_CHAIN = 2;
  static final int MAX_CHAIN = 4;

  public PairingGrant {
    hubChain = List.copyOf(hubChain);
    if (hubChain.size() < MIN_CHAIN || hubChain.size() > MAX_CHAIN) {
      throw new IllegalArgumentException("hub chain: expected 2 to 4, got " + hubChain.size());
    }
    if (epoch < 1) {
      throw new IllegalArgumentException("epoch: expected a number from 1, got " + epoch);
    }
  }
}
