// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.x509;

import dev.countersign.protocol.Sha256;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A chain that led to a trust anchor, for one purpose, at one instant. Only {@link ChainVerifier}
 * makes it.
 *
 * <p><b>Security guarantees.</b> Every signature, date, constraint and key usage of the path was
 * checked. It does <em>not</em> say that the peer holds the key (TLS shows that), nor that the
 * certificate was not revoked (the registry knows that).
 */
public final class VerifiedChain {
  private final List<X509Certificate> path;
  private final X509Certificate anchor;
  private final Sha256 keyHash;
  private final Sha256 fingerprint;
  private final Instant validUntil;

  VerifiedChain(List<X509Certificate> path, X509Certificate anchor, Instant validUntil) {
    this.path = List.copyOf(path);
    this.anchor = anchor;
    this.keyHash = Certificates.keyHash(leaf());
    this.fingerprint = Certificates.fingerprint(leaf());
    this.validUntil = validUntil;
  }

  /** When the first certificate of a path ends. */
  static Instant firstEnd(List<X509Certificate> path) {
    return path.stream().map(c -> c.getNotAfter().toInstant()).min(Instant::compareTo).get();
  }

  /** The end entity's certificate. */
  public X509Certificate leaf() {
    return path.get(0);
  }

  /** Leaf first, without the trust anchor. */
  public List<X509Certificate> path() {
    return path;
  }

  /** The one of the trusted certificates that the path led to. */
  public X509Certificate anchor() {
    return anchor;
  }

  /** Names the end entity's key. */
  public Sha256 keyHash() {
    return keyHash;
  }

  /** Names the end entity's certificate. */
  public Sha256 fingerprint() {
    return fingerprint;
  }

  /**
   * When the first certificate of the path ends, or the leaf alone if it was judged as issued; the
   * verdict must not be used after it.
   */
  public Instant validUntil() {
    return validUntil;
  }
}
