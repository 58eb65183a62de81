// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.protocol.x509.ChainRefusedException;
import dev.countersign.protocol.x509.ChainRefusedException.Reason;
import dev.countersign.protocol.x509.ChainVerifier;
import dev.countersign.protocol.x509.Purpose;
import dev.countersign.protocol.x509.VerifiedChain;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a TLS server is the hub that is meant (docs/protocol.md, Pairing: the phone's check).
 *
 * <p><b>Security guarantees.</b> A {@link VerifiedHub} comes only of the chain to a root
 * <em>and</em> the hub's id <em>and</em> serverAuth with digitalSignature <em>and</em> the known
 * key. A chain alone would let every other hub of the maker stand in for this one. No clock is
 * asked: a hub is judged as it was issued, so it stays itself when its maker's authority has ended.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class HubVerifier {
  /** RFC 5280 §4.1.2.5: no well-defined expiration. */
  private static final Instant WITHOUT_END = Instant.parse("9999-12-31T23:59:59Z");

  /** KeyUsage bit 0 (RFC 5280 §4.2.1.3). */
  private static final int DIGITAL_SIGNATURE = 0;

  private static final int SAN_DNS = 2;

  /** A list from a stranger; a leaf, its authority and the root make three. */
  private static final int MAX_PRESENTED = 10;

  private final Optional<List<X509Certificate>> roots;
  private final Set<Sha256> distrusted;

  private HubVerifier(Optional<List<X509Certificate>> roots, Set<Sha256> distrusted) {
    this.roots = roots;
    this.distrusted = distrusted;
  }

  /** For an app that brings its makers' roots, or a phone that learned one when it paired. */
  public static HubVerifier ofMakers(Collection<X509Certificate> roots) {
    return new HubVerifier(Optional.of(List.copyOf(roots)), Set.of());
  }

  /**
   * For the first contact of an app that brings no roots: the chain must be whole and well-formed
   * up to the self-signed root that the hub presents, which proves nothing. The key does, which the
   * phone has from the code, or by SPAKE2+; and the pairing then tells which root to keep.
   */
  public static HubVerifier ofPresentedRoot() {
    return new HubVerifier(Optional.empty(), Set.of());
  }

  /**
   * The same, but no path may go through these keys: those of an authority that was stolen, or of a
   * hub. It is the remedy that works without a clock, since a thief chooses his own dates.
   *
   * @param keys hashes of SubjectPublicKeyInfos
   */
  public HubVerifier distrusting(Collection<Sha256> keys) {
    return new HubVerifier(roots, Set.copyOf(keys));
  }

  /**
   * Verifies that this is the hub that is meant.
   *
   * @param presented leaf first, as the peer sent it in a handshake that it completed
   * @param key the hash of the hub's SubjectPublicKeyInfo, from the code or from the pairing
   * @throws ChainRefusedException which says what differs; {@link Reason#WRONG_KEY} only where all
   *     else holds, so that it is worth asking for successors
   */
  public VerifiedHub verify(List<X509Certificate> presented, HubId id, Sha256 key)
      throws ChainRefusedException {
    Judged judged = judge(presented);
    if (!judged.id().equals(id)) {
      throw new ChainRefusedException(
          Reason.WRONG_NAME, "this is another hub: expected " + id + ", got " + judged.id());
    }
    Sha256 presentedKey = judged.chain().keyHash();
    if (!presentedKey.equals(key)) {
      throw new ChainRefusedException(
          Reason.WRONG_KEY, "hub " + id + ": expected the key " + key + ", got " + presentedKey);
    }
    return new VerifiedHub(id, withRoot(judged.chain()));
  }

  /**
   * Verifies that this is some hub, and says which it claims to be. For where the key is proved
   * afterwards, by SPAKE2+ or by a succession.
   */
  public PresentedHub identify(List<X509Certificate> presented) throws ChainRefusedException {
    Judged judged = judge(presented);
    return new PresentedHub(judged.id(), withRoot(judged.chain()));
  }

  private record Judged(HubId id, VerifiedChain chain) {}

  private Judged judge(List<X509Certificate> presented) throws ChainRefusedException {
    if (presented.isEmpty()) {
      throw new ChainRefusedException(Reason.NO_CERTIFICATE, "");
    }
    X509Certificate leaf = presented.get(0);
    List<String> names = dnsNames(leaf);
    // A chain is valid for a name; without one, and so for anything but a server, it is refused for
    // what it lacks.
    String name = names.isEmpty() ? "hub" : names.get(0);
    VerifiedChain chain =
        ChainVerifier.trusting(roots.isPresent() ? roots.get() : presentedRoots(presented))
            .verifyAsIssued(presented, new Purpose.TlsServer(name));
    HubId id = idOf(names);
    requireUsage(leaf);
    requireNoEnd(leaf);
    requireTrusted(withRoot(chain));
    return new Judged(id, chain);
  }

  /** Self-signed by name; whether by signature as well, the path shows. */
  private static List<X509Certificate> presentedRoots(List<X509Certificate> presented)
      throws ChainRefusedException {
    var found = new ArrayList<X509Certificate>();
    List<X509Certificate> behindLeaf =
        presented.subList(1, Math.min(MAX_PRESENTED, presented.size()));
    for (X509Certificate candidate : behindLeaf) {
      if (candidate.getSubjectX500Principal().equals(candidate.getIssuerX500Principal())) {
        requireSelfSigned(candidate);
        found.add(candidate);
      }
    }
    return found;
  }

  private static void requireSelfSigned(X509Certificate root) throws ChainRefusedException {
    try {
      root.verify(root.getPublicKey());
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new ChainRefusedException(
          Reason.BAD_SIGNATURE, "the root that was presented does not sign itself");
    }
  }

  private static List<String> dnsNames(X509Certificate leaf) throws ChainRefusedException {
    var found = new ArrayList<String>();
    try {
      Collection<List<?>> names = leaf.getSubjectAlternativeNames();
      for (List<?> name : names == null ? List.<List<?>>of() : names) {
        if ((Integer) name.get(0) == SAN_DNS) {
          found.add((String) name.get(1));
        }
      }
    } catch (CertificateParsingException e) {
      throw new ChainRefusedException(Reason.MALFORMED, "subject alternative name");
    }
    return found;
  }

  /** One name, or it could be read as another hub by somebody else. */
  private static HubId idOf(List<String> names) throws ChainRefusedException {
    if (names.size() == 1) {
      String name = names.get(0);
      int dot = name.indexOf('.');
      if (dot > 0) {
        try {
          return HubId.parse(name.substring(0, dot));
        } catch (MalformedException e) {
          // falls through: a server's name, not a hub's
        }
      }
    }
    throw new ChainRefusedException(
        Reason.WRONG_NAME, "expected a hub's name, which begins with its id, got " + names);
  }

  /** Absent would fit every use, hence not this one. */
  private static void requireUsage(X509Certificate leaf) throws ChainRefusedException {
    boolean[] usage = leaf.getKeyUsage();
    if (usage == null || !usage[DIGITAL_SIGNATURE]) {
      throw new ChainRefusedException(Reason.WRONG_PURPOSE, "no digitalSignature");
    }
  }

  /** One that ends is not a hub's; and with no clock to see the end, it would be good for ever. */
  private static void requireNoEnd(X509Certificate leaf) throws ChainRefusedException {
    Instant end = leaf.getNotAfter().toInstant();
    if (!end.equals(WITHOUT_END)) {
      throw new ChainRefusedException(
          Reason.WRONG_PURPOSE, "a hub's certificate has no end, this one ends " + end);
    }
  }

  private void requireTrusted(List<X509Certificate> chain) throws ChainRefusedException {
    for (X509Certificate certificate : chain) {
      if (distrusted.contains(Certificates.keyHash(certificate))) {
        throw new ChainRefusedException(
            Reason.UNKNOWN_ISSUER,
            certificate.getSubjectX500Principal().getName() + " is no longer trusted");
      }
    }
  }

  private static List<X509Certificate> withRoot(VerifiedChain chain) {
    var whole = new ArrayList<>(chain.path());
    if (!whole.get(whole.size() - 1).equals(chain.anchor())) {
      whole.add(chain.anchor());
    }
    return List.copyOf(whole);
  }
}
