// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.hub;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.HubVerifier;
import dev.countersign.protocol.pairing.PresentedHub;
import dev.countersign.protocol.x509.Certificates;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to reach one hub: where, which protocol, as whom, and by what the hub is known.
 *
 * <p><b>Security guarantees.</b> There is one way to judge what a server presents, it has no
 * options, and what it threw is kept: a channel of a call that did not accept exactly the chain of
 * that channel is closed unused.
 *
 * <p>For one connection; a new attempt is a new call.
 */
public final class HubCall {
  private final HubAddress address;
  private final HubProtocol protocol;
  private final HubVerifier verifier;
  private final Map<Sha256, HubId> knownKeys;
  private final Optional<ExpectedHub> expected;
  private final Optional<PhoneIdentity> identity;

  private @Nullable ProtocolException refusal;
  private @Nullable PresentedHub accepted;

  private HubCall(
      HubAddress address,
      HubProtocol protocol,
      HubVerifier verifier,
      Map<Sha256, HubId> knownKeys,
      Optional<ExpectedHub> expected,
      Optional<PhoneIdentity> identity) {
    this.address = address;
    this.protocol = protocol;
    this.verifier = verifier;
    this.knownKeys = Map.copyOf(knownKeys);
    this.expected = expected;
    this.identity = identity;
  }

  /** Which hub is meant, from its code or from the pairing. */
  public record ExpectedHub(HubId id, Sha256 key) {}

  /**
   * Pairing with the hub whose code was read.
   *
   * @param knownKeys of the hubs this phone knows
   */
  public static HubCall toPair(
      HubAddress address,
      HubVerifier verifier,
      ExpectedHub expected,
      Map<Sha256, HubId> knownKeys) {
    return new HubCall(
        address, HubProtocol.PAIRING, verifier, knownKeys, Optional.of(expected), Optional.empty());
  }

  /**
   * Reaching whichever hub is there, whose key something else proves afterwards: SPAKE2+, or a
   * succession.
   */
  public static HubCall toMeet(
      HubAddress address, HubVerifier verifier, Map<Sha256, HubId> knownKeys) {
    return new HubCall(
        address, HubProtocol.PAIRING, verifier, knownKeys, Optional.empty(), Optional.empty());
  }

  /** Controlling a hub that this phone is paired with. */
  public static HubCall toControl(
      HubAddress address,
      HubVerifier verifier,
      ExpectedHub expected,
      Map<Sha256, HubId> knownKeys,
      PhoneIdentity identity) {
    return new HubCall(
        address,
        HubProtocol.CONTROL,
        verifier,
        knownKeys,
        Optional.of(expected),
        Optional.of(identity));
  }

  public HubAddress address() {
    return address;
  }

  /** To offer by ALPN, alone. */
  public HubProtocol protocol() {
    return protocol;
  }

  /** What the phone shows; empty to show nothing. */
  public Optional<PhoneIdentity> identity() {
    return identity;
  }

  /**
   * Judges a server, inside the handshake and before anything is sent to it.
   *
   * @param presented leaf first
   * @throws OtherHubException if it is a genuine hub, and not the one that is meant
   * @throws RepeatedHubKeyException if its key belongs to a hub of another id
   * @throws ProtocolException if it is none; a ChainRefusedException
   */
  public void judge(List<X509Certificate> presented) throws ProtocolException {
    accepted = null;
    try {
      PresentedHub hub = verifier.identify(presented);
      requireOwnKey(hub);
      if (expected.isPresent()) {
        requireExpected(expected.get(), hub);
        verifier.verify(presented, expected.get().id(), expected.get().key());
      }
      accepted = hub;
    } catch (ProtocolException e) {
      refusal = e;
      throw e;
    }
  }

  /** One key under two ids: whoever has one of the two hubs can be the other. */
  private void requireOwnKey(PresentedHub hub) throws RepeatedHubKeyException {
    HubId known = knownKeys.get(hub.key());
    if (known != null && !known.equals(hub.id())) {
      throw new RepeatedHubKeyException(hub.key(), known, hub.id());
    }
    if (expected.isPresent()
        && expected.get().key().equals(hub.key())
        && !expected.get().id().equals(hub.id())) {
      throw new RepeatedHubKeyException(hub.key(), expected.get().id(), hub.id());
    }
  }

  private void requireExpected(ExpectedHub meant, PresentedHub hub) throws OtherHubException {
    if (!meant.id().equals(hub.id()) || !meant.key().equals(hub.key())) {
      throw new OtherHubException(address, meant, new ExpectedHub(hub.id(), hub.key()));
    }
  }

  /** Why the server was refused, if it was; transports lose that among their own exceptions. */
  Optional<ProtocolException> refusal() {
    return Optional.ofNullable(refusal);
  }

  /**
   * The hub of this channel.
   *
   * @throws IllegalStateException if the transport did not have it judged
   */
  PresentedHub accepted(HubChannel channel) {
    PresentedHub hub = accepted;
    List<X509Certificate> presented = channel.presented();
    if (hub == null || presented.isEmpty() || !isLeaf(hub, presented.get(0))) {
      throw new IllegalStateException("the transport did not have the hub's certificate judged");
    }
    return hub;
  }

  private static boolean isLeaf(PresentedHub hub, X509Certificate certificate) {
    return Certificates.fingerprint(hub.leaf()).equals(Certificates.fingerprint(certificate));
  }
}
