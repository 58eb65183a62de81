// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.x509.Certificates;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The hub that was meant: chain, id, key usage and key all hold. Only {@link HubVerifier} makes it.
 *
 * <p><b>Security guarantees.</b> It does <em>not</em> say that the peer holds the key: the
 * completed handshake does.
 */
public final class VerifiedHub {
  private final HubId id;
  private final List<X509Certificate> chain;

  VerifiedHub(HubId id, List<X509Certificate> chain) {
    this.id = id;
    this.chain = chain;
  }

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
