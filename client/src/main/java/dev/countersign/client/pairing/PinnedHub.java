// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.pairing;

import dev.countersign.client.hub.HubCall.ExpectedHub;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.HubVerifier;
import dev.countersign.protocol.x509.Certificates;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * By what a phone knows a hub again.
 *
 * @param leaf the hub's certificate, whose key is the one that counts; it signs its successor
 * @param root its maker's
 * @param keyCounter of the hub's key: a successor has a higher one
 */
public record PinnedHub(HubId id, X509Certificate leaf, X509Certificate root, long keyCounter) {
  /** The hash of the hub's SubjectPublicKeyInfo. */
  public Sha256 key() {
    return Certificates.keyHash(leaf);
  }

  public ExpectedHub expected() {
    return new ExpectedHub(id, key());
  }

  /** Judges by this maker's root alone. */
  public HubVerifier verifier() {
    return HubVerifier.ofMakers(List.of(root));
  }
}
