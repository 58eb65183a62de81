// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.Sha256;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.math.ec.ECPoint;
import org.jspecify.annotations.Nullable;

/**
 * The hub's side of SPAKE2+ (RFC 9383, P256-SHA256-HKDF-SHA256-HMAC-SHA256), for one run over one
 * connection.
 *
 * <p><b>Security guarantees.</b> Who asks without the code has one guess for each run, and sees
 * with {@code confirmV} whether it was right. So the hub counts a failure, durably, <i>before</i>
 * it sends the answer, and takes it back when {@link #verify} returns. On timing see ADR 24. Not
 * thread-safe.
 */
public final class Spake2Verifier {
  private final Spake2Secrets secrets;
  private final Spake2Parties parties;
  private final HubId hub;
  private final byte[] channelBinding;
  private final SecureRandom random;
  private final BigInteger y;
  private boolean answered;
  private @Nullable Spake2Transcript transcript;

  private Spake2Verifier(
      Spake2Secrets secrets,
      Spake2Parties parties,
      HubId hub,
      byte[] channelBinding,
      SecureRandom random,
      BigInteger y) {
    this.secrets = secrets;
    this.parties = parties;
    this.hub = hub;
    this.channelBinding = channelBinding.clone();
    this.random = random;
    this.y = y;
  }

  /**
   * Begins. Takes 32 MiB and some hundred milliseconds for scrypt.
   *
   * @param code that the hub shows
   * @param hubKey the hash of the hub's own SubjectPublicKeyInfo
   * @param channelBinding the 32 bytes of the TLS exporter {@code EXPORTER-Channel-Binding}
   */
  public static Spake2Verifier begin(
      ManualCode code, HubId hub, Sha256 hubKey, byte[] channelBinding, SecureRandom random) {
    Spake2Parties parties = Spake2Parties.of(hub, hubKey, channelBinding);
    return new Spake2Verifier(
        Spake2Secrets.of(code, hub, parties),
        parties,
        hub,
        channelBinding,
        random,
        Spake2Group.randomScalar(random));
  }

  /** With everything given, for known vectors. */
  static Spake2Verifier of(
      Spake2Secrets secrets, Spake2Parties parties, BigInteger y, SecureRandom random) {
    return new Spake2Verifier(
        secrets,
        parties,
        HubId.wrap(new byte[HubId.BYTES]),
        new byte[PairingKeys.CHANNEL_BINDING_BYTES],
        random,
        y);
  }

  /**
   * Answers the phone's share; once.
   *
   * @param shareP see {@link Spake2Answer#parseRequest}
   * @throws MalformedException if it is no point
   */
  public Spake2Answer answer(byte[] shareP) throws MalformedException {
    if (answered) {
      throw new IllegalStateException("one run has one share");
    }
    answered = true;
    Spake2Transcript made = transcript(shareP);
    transcript = made;
    return new Spake2Answer(made.shareV(), made.confirmV());
  }

  /** RFC 9383 §3.3: Y = y*P + w0*N, Z = y*(X - w0*M), V = y*L with L = w1*P. */
  Spake2Transcript transcript(byte[] shareP) throws MalformedException {
    ECPoint unmasked =
        Spake2Group.decode("shareP", shareP)
            .subtract(Spake2Group.multiply(Spake2Group.M, secrets.w0(), random))
            .normalize();
    if (unmasked.isInfinity()) {
      throw new MalformedException("shareP", "expected another point");
    }
    ECPoint share =
        Spake2Group.multiply(Spake2Group.GENERATOR, y, random)
            .add(Spake2Group.multiply(Spake2Group.N, secrets.w0(), random));
    ECPoint registered =
        Spake2Group.multiply(Spake2Group.GENERATOR, secrets.w1(), random).normalize();
    return Spake2Transcript.of(
        parties,
        new Spake2Shares(shareP.clone(), Spake2Group.encode(share)),
        Spake2Group.multiply(unmasked, y, random),
        Spake2Group.multiply(registered, y, random),
        secrets.w0());
  }

  /**
   * Verifies that the phone knows the code; once, after {@link #answer}.
   *
   * @param confirmP {@link PairingRequest#confirmation}
   * @throws NotAuthenticException if it does not, or means another hub or another connection
   */
  public PairingKeys verify(byte[] confirmP) throws NotAuthenticException {
    Spake2Transcript answeredTo = transcript;
    if (answeredTo == null) {
      throw new IllegalStateException("one run has one confirmation, after its share");
    }
    transcript = null;
    try (answeredTo) {
      if (!MessageDigest.isEqual(answeredTo.confirmP(), confirmP)) {
        throw new NotAuthenticException();
      }
      byte[] shared = answeredTo.shared();
      try {
        return PairingKeys.ofShared(channelBinding, shared, hub);
      } finally {
        Arrays.fill(shared, (byte) 0);
      }
    }
  }

  @Override
  public String toString() {
    return "Spake2Verifier[hidden]";
  }
}
