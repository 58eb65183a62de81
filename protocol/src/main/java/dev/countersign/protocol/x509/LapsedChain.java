// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.x509;

import dev.countersign.protocol.Sha256;
import java.security.cert.X509Certificate;

/**
 * A chain that was good until it expired, not too long ago. Only {@link ChainVerifier} makes it.
 *
 * <p>A type of its own, so that nothing that asks for a {@link VerifiedChain} can be given one: it
 * opens renewal and nothing else.
 */
public final class LapsedChain {
  private final X509Certificate leaf;
  private final Sha256 fingerprint;

  LapsedChain(X509Certificate leaf) {
    this.leaf = leaf;
    this.fingerprint = Certificates.fingerprint(leaf);
  }

  /** The end entity's expired certificate. */
  public X509Certificate leaf() {
    return leaf;
  }

  /** Names the end entity's certificate. */
  public Sha256 fingerprint() {
    return fingerprint;
  }
}
