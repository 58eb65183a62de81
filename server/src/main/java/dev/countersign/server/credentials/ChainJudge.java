// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.credentials;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.protocol.x509.ChainRefusedException;
import dev.countersign.protocol.x509.ChainVerifier;
import dev.countersign.protocol.x509.LapsedChain;
import dev.countersign.protocol.x509.Purpose;
import dev.countersign.protocol.x509.VerifiedChain;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Judges the client certificates that listeners are shown, and remembers verdicts: a device that
 * reconnects costs no signature checks of its chain. TLS still checks that it holds the key.
 *
 * <p>Only acceptances are remembered, until the first certificate of the path ends, and at most so
 * many. One judge has one set of anchors for its whole life, so that a change of anchors is a new
 * judge with an empty memory. Safe for use by many threads.
 */
public final class ChainJudge {
  /**
   * How long after its end a certificate still opens a renewal (docs/protocol.md, Certificates).
   */
  static final Duration RENEWAL_GRACE = Duration.ofDays(400);

  private static final Purpose CLIENT = new Purpose.TlsClient();

  private final ChainVerifier verifier;
  private final Clock clock;
  private final Cache<Sha256, VerifiedChain> accepted;

  public ChainJudge(ChainVerifier verifier, Clock clock, long maxRemembered) {
    this.verifier = verifier;
    this.clock = clock;
    this.accepted = Caffeine.newBuilder().maximumSize(maxRemembered).build();
  }

  /**
   * Accepts a chain for a TLS client, from memory where it can.
   *
   * @param presented as TLS gave it, leaf first; only the leaf is used, the path to it is ours
   */
  public VerifiedChain judge(List<X509Certificate> presented) throws ChainRefusedException {
    List<X509Certificate> leaf = parsedLeaf(presented);
    Instant now = clock.instant();
    if (leaf.isEmpty()) {
      return verifier.verify(leaf, CLIENT, now);
    }
    Sha256 fingerprint = Certificates.fingerprint(leaf.getFirst());
    VerifiedChain known = accepted.getIfPresent(fingerprint);
    if (known != null && !isOver(known, now)) {
      return known;
    }
    VerifiedChain fresh = verifier.verify(List.of(reparsed(leaf.getFirst())), CLIENT, now);
    accepted.put(fingerprint, fresh);
    return fresh;
  }

  /** Whether a verdict has come to its end. */
  public boolean isOver(VerifiedChain chain, Instant now) {
    // notBefore as well: a clock that was set back must not keep what it could not accept anew
    return now.isAfter(chain.validUntil()) || now.isBefore(chain.leaf().getNotBefore().toInstant());
  }

  /** For a renewal after expiry; never remembered. */
  public LapsedChain judgeLapsed(List<X509Certificate> presented) throws ChainRefusedException {
    X509Certificate leaf = reparsed(presented.getFirst());
    return verifier.verifyLapsed(List.of(leaf), CLIENT, clock.instant(), RENEWAL_GRACE);
  }

  private static List<X509Certificate> parsedLeaf(List<X509Certificate> presented) {
    return presented.isEmpty() ? List.of() : List.of(presented.getFirst());
  }

  /** The TLS engine's own certificate objects are lazy shells; judge the bytes. */
  private static X509Certificate reparsed(X509Certificate certificate)
      throws ChainRefusedException {
    try {
      return Certificates.parse(Certificates.der(certificate));
    } catch (MalformedException e) {
      throw ChainRefusedException.malformed(e);
    }
  }
}
