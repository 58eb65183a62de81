// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.x509.Certificates;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A hub by its chain and key usage, but nobody has compared its key: not to be trusted with
 * anything before SPAKE2+ or a succession has shown that. Only {@link HubVerifier} makes it.
 */
public final class PresentedHub {
  private final HubId id;
  private final List<X509Certificate> chain;

  PresentedHub(HubId id, List<X509Certificate> chain) {
    this.id = id;
    this.chain = chain;
  }

  /** Which hub it says it is. */
  public HubId id() {
    return id;
  }

  /** The hash of its SubjectPublicKeyInfo. */
  public Sha256 key() {
    return Certificates.keyHash(leaf());
  }

  public X509Certificate leaf() {
    return chain.get(0);
  }

  /** Where its chain ends: the maker's. */
  public X509Certificate root() {
    return chain.get(chain.size() - 1);
  }

  /** Leaf first, the root last. */
  public List<X509Certificate> chain() {
    return chain;
  }
}
