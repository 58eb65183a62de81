// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.x509;

import dev.countersign.protocol.x509.ChainRefusedException.Reason;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Path validation (RFC 5280 §6.1) against a few anchors of our own, for one purpose, at a given
 * instant. The mathematics is the platform's PKIX validator; this class finds the path, adds
 * purpose and name, and says which rule failed.
 *
 * <p>Never the machine's trust store. Revocation is not checked here: the registry is asked on
 * every request. The dates of anchors are not checked (RFC 5280 §6.1.1 (d)): what ends trust in a
 * root is a new list of roots, not a date that would strand the fleet.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class ChainVerifier {
  /** Leaf and up to three authorities: twice what we issue. */
  private static final int MAX_PATH = 4;

  /** A peer's list may hold strays; more than this is an attempt to keep us busy. */
  private static final int MAX_PRESENTED = 10;

  /** Cross-signed authorities give two paths, or four; not dozens. */
  private static final int MAX_TRIED_PATHS = 16;

  private final List<X509Certificate> anchors;
  private final List<X509Certificate> authorities;
  private final boolean usesPresentedAuthorities;

  private ChainVerifier(
      Collection<X509Certificate> anchors,
      Collection<X509Certificate> authorities,
      boolean usesPresentedAuthorities) {
    this.anchors = List.copyOf(anchors);
    this.authorities = List.copyOf(authorities);
    this.usesPresentedAuthorities = usesPresentedAuthorities;
  }

  /** For a client: paths may go through the authorities that the server presents. */
  public static ChainVerifier trusting(Collection<X509Certificate> anchors) {
    return new ChainVerifier(anchors, List.of(), true);
  }

  /**
   * For a server that knows its issuers: only paths through these authorities, whatever else the
   * peer presents. A device may thus send its leaf alone, and the holder of a server's certificate
   * gains nothing by sending that server's authority.
   */
  public static ChainVerifier through(
      Collection<X509Certificate> anchors, Collection<X509Certificate> authorities) {
    return new ChainVerifier(anchors, authorities, false);
  }

  /**
   * Validates a chain at an instant.
   *
   * @param presented leaf first, as the peer sent it
   */
  public VerifiedChain verify(List<X509Certificate> presented, Purpose purpose, Instant at)
      throws ChainRefusedException {
    X509Certificate leaf = leafOf(presented);
    return verified(presented, new Search(leaf, purpose, at, false));
  }

  /**
   * Validates a chain without a clock: refused is only what had ended before the floor, never what
   * a wrong clock would dislike.
   *
   * @param floor an instant that has certainly passed
   */
  public VerifiedChain verifyNotEndedBefore(
      List<X509Certificate> presented, Purpose purpose, Instant floor)
      throws ChainRefusedException {
    X509Certificate leaf = leafOf(presented);
    return verified(presented, new Search(leaf, purpose, floor, true));
  }

  /**
   * Validates a chain as it was when its leaf was issued: the dates of its issuers are compared
   * with the leaf's first moment, and no clock is asked. For what is issued once and for ever,
   * while its issuer ends: what counts is that the issuer could issue then.
   *
   * <p>Whoever has the key of an issuer that has ended can still sign with an earlier date, so this
   * is never the only proof: the caller knows the key or the name by other means.
   *
   * @return valid until the leaf's own end, whatever became of its issuers
   */
  public VerifiedChain verifyAsIssued(List<X509Certificate> presented, Purpose purpose)
      throws ChainRefusedException {
    X509Certificate leaf = leafOf(presented);
    Instant issued = leaf.getNotBefore().toInstant();
    VerifiedChain chain = verified(presented, new Search(leaf, purpose, issued, false));
    return new VerifiedChain(chain.path(), chain.anchor(), leaf.getNotAfter().toInstant());
  }

  private VerifiedChain verified(List<X509Certificate> presented, Search search)
      throws ChainRefusedException {
    Found found = validPath(presented, search);
    EndEntityRules.check(search.leaf, search.purpose);
    return new VerifiedChain(found.path(), found.anchor(), VerifiedChain.firstEnd(found.path()));
  }

  /**
   * Validates a chain whose leaf has expired, as of the leaf's last moment; its issuers may have
   * expired since.
   *
   * @param grace how long after its end a leaf still opens a renewal
   */
  public LapsedChain verifyLapsed(
      List<X509Certificate> presented, Purpose purpose, Instant at, Duration grace)
      throws ChainRefusedException {
    X509Certificate leaf = leafOf(presented);
    Instant end = leaf.getNotAfter().toInstant();
    if (!end.isBefore(at)) {
      throw new IllegalArgumentException("the leaf has not expired");
    }
    validPath(presented, new Search(leaf, purpose, end, false));
    EndEntityRules.check(leaf, purpose);
    if (end.plus(grace).isBefore(at)) {
      throw new ChainRefusedException(
          Reason.LAPSED_TOO_LONG,
          "ended " + end + ", renewal was possible for " + grace.toDays() + " days");
    }
    return new LapsedChain(leaf);
  }

  private static X509Certificate leafOf(List<X509Certificate> presented)
      throws ChainRefusedException {
    if (presented.isEmpty()) {
      throw new ChainRefusedException(Reason.NO_CERTIFICATE, "");
    }
    if (presented.size() > MAX_PRESENTED) {
      throw new ChainRefusedException(
          Reason.MALFORMED,
          "expected at most " + MAX_PRESENTED + " certificates, got " + presented.size());
    }
    for (X509Certificate certificate : presented) {
      // Thousands of names against thousands of constraints would keep us busy as well.
      if (Certificates.der(certificate).length > Certificates.MAX_BYTES) {
        throw new ChainRefusedException(
            Reason.MALFORMED, "expected at most " + Certificates.MAX_BYTES + " bytes each");
      }
    }
    return presented.get(0);
  }

  private Found validPath(List<X509Certificate> presented, Search search)
      throws ChainRefusedException {
    search.candidates.addAll(authorities);
    if (usesPresentedAuthorities) {
      search.candidates.addAll(presented.subList(1, presented.size()));
    }
    search.extend(new ArrayList<>(List.of(search.leaf)));
    if (search.found != null) {
      return search.found;
    }
    throw search.refusal != null
        ? search.refusal
        : new ChainRefusedException(
            Reason.UNKNOWN_ISSUER, "issued by " + search.leaf.getIssuerX500Principal().getName());
  }

  /** A valid path, and the anchor it leads to. */
  private record Found(List<X509Certificate> path, X509Certificate anchor) {}

  /** Depth first through everything whose subject is the issuer sought. */
  private final class Search {
    private final X509Certificate leaf;
    private final Purpose purpose;
    private final Instant at;
    private final boolean isFloor;
    private final List<X509Certificate> candidates = new ArrayList<>();
    private @Nullable Found found;
    private @Nullable ChainRefusedException refusal;
    private int tried;

    Search(X509Certificate leaf, Purpose purpose, Instant at, boolean isFloor) {
      this.leaf = leaf;
      this.purpose = purpose;
      this.at = at;
      this.isFloor = isFloor;
    }

    void extend(List<X509Certificate> path) {
      X509Certificate last = path.get(path.size() - 1);
      for (X509Certificate anchor : anchors) {
        if (found == null && tried < MAX_TRIED_PATHS && isIssuer(anchor, last)) {
          tried++;
          try {
            validate(path, anchor);
            found = new Found(List.copyOf(path), anchor);
          } catch (ChainRefusedException e) {
            refusal = e;
          }
        }
      }
      if (path.size() == MAX_PATH) {
        return;
      }
      for (X509Certificate candidate : candidates) {
        if (found == null && isIssuer(candidate, last) && !path.contains(candidate)) {
          path.add(candidate);
          extend(path);
          path.remove(path.size() - 1);
        }
      }
    }

    private void validate(List<X509Certificate> path, X509Certificate anchor)
        throws ChainRefusedException {
      try {
        var parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(isFloor ? beginOf(path) : at));
        CertPathValidator.getInstance("PKIX")
            .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
      } catch (CertPathValidatorException e) {
        throw refusalOf(e, path);
      } catch (GeneralSecurityException e) {
        throw new ChainRefusedException(Reason.MALFORMED, "", e);
      } catch (RuntimeException e) {
        // The platform fails on a name constraint of a type it does not know (otherName), and on an
        // empty DNS constraint, which is how an authority excludes all DNS names.
        throw new ChainRefusedException(
            Reason.CONSTRAINT, "a name constraint that the platform cannot compare", e);
      }
      PathRules.check(path, anchor, purpose);
    }

    /**
     * A certificate that exists has begun: its notBefore is in the past, whatever the clock says.
     * Only the path counts, for a stray in the peer's list proves nothing.
     */
    private Instant beginOf(List<X509Certificate> path) {
      Instant latest = at;
      for (X509Certificate certificate : path) {
        Instant begins = certificate.getNotBefore().toInstant();
        latest = begins.isAfter(latest) ? begins : latest;
      }
      return latest;
    }
  }

  private static boolean isIssuer(X509Certificate issuer, X509Certificate subject) {
    return issuer.getSubjectX500Principal().equals(subject.getIssuerX500Principal());
  }

  private static ChainRefusedException refusalOf(
      CertPathValidatorException e, List<X509Certificate> path) {
    X509Certificate where = path.get(Math.max(0, Math.min(e.getIndex(), path.size() - 1)));
    String subject = where.getSubjectX500Principal().getName();
    CertPathValidatorException.Reason reason = e.getReason();
    if (reason == BasicReason.EXPIRED) {
      return new ChainRefusedException(
          Reason.EXPIRED, subject + " ended " + where.getNotAfter().toInstant(), e);
    } else if (reason == BasicReason.NOT_YET_VALID) {
      return new ChainRefusedException(
          Reason.NOT_YET_VALID, subject + " begins " + where.getNotBefore().toInstant(), e);
    } else if (reason == BasicReason.INVALID_SIGNATURE) {
      return new ChainRefusedException(Reason.BAD_SIGNATURE, subject, e);
    } else if (reason == BasicReason.ALGORITHM_CONSTRAINED) {
      return new ChainRefusedException(Reason.WEAK_ALGORITHM, subject, e);
    } else if (reason == PKIXReason.NAME_CHAINING || reason == PKIXReason.NO_TRUST_ANCHOR) {
      return new ChainRefusedException(Reason.UNKNOWN_ISSUER, subject, e);
    }
    return new ChainRefusedException(Reason.CONSTRAINT, subject, e);
  }
}
