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
import java.util.List;
import org.bouncycastle.math.ec.ECPoint;

/**
 * The phone's side of SPAKE2+ (RFC 9383, P256-SHA256-HKDF-SHA256-HMAC-SHA256), for one run.
 *
 * <p><b>Security guarantees.</b> Who answers without the code learns nothing that lets him try
 * codes afterwards; he has one guess for each run. Both confirmations cover the hub's id and key
 * and the channel binding of the connection. On timing see ADR 24. Not thread-safe.
 */
public final class Spake2Prover {
  private final Spake2Secrets secrets;
  private final Spake2Parties parties;
  private final HubId hub;
  private final byte[] channelBinding;
  private final SecureRandom random;
  private final BigInteger x;
  private final byte[] share;
  private boolean finished;

  private Spake2Prover(
      Spake2Secrets secrets,
      Spake2Parties parties,
      HubId hub,
      byte[] channelBinding,
      SecureRandom random) {
    this(secrets, parties, hub, channelBinding, random, Spake2Group.randomScalar(random));
  }

  private Spake2Prover(
      Spake2Secrets secrets,
      Spake2Parties parties,
      HubId hub,
      byte[] channelBinding,
      SecureRandom random,
      BigInteger x) {
    this.secrets = secrets;
    this.parties = parties;
    this.hub = hub;
    this.channelBinding = channelBinding.clone();
    this.random = random;
    this.x = x;
    // X = x*P + w0*M. It is the identity for one x of all, which nobody can aim at.
    this.share =
        Spake2Group.encode(
            Spake2Group.multiply(Spake2Group.GENERATOR, x, random)
                .add(Spake2Group.multiply(Spake2Group.M, secrets.w0(), random)));
  }

  /**
   * Begins. Takes 32 MiB and some hundred milliseconds for scrypt.
   *
   * @param hubKey the hash of the SubjectPublicKeyInfo with which the hub answers on this
   *     connection
   * @param channelBinding the 32 bytes of the TLS exporter {@code EXPORTER-Channel-Binding}
   */
  public static Spake2Prover begin(
      ManualCode code, HubId hub, Sha256 hubKey, byte[] channelBinding, SecureRandom random) {
    Spake2Parties parties = Spake2Parties.of(hub, hubKey, channelBinding);
    return new Spake2Prover(
        Spake2Secrets.of(code, hub, parties), parties, hub, channelBinding, random);
  }

  /** With everything given, for known vectors. */
  static Spake2Prover of(
      Spake2Secrets secrets, Spake2Parties parties, BigInteger x, SecureRandom random) {
    return new Spake2Prover(
        secrets,
        parties,
        HubId.wrap(new byte[HubId.BYTES]),
        new byte[PairingKeys.CHANNEL_BINDING_BYTES],
        random,
        x);
  }

  /** {@code shareP}, 65 bytes. */
  public byte[] share() {
    return share.clone();
  }

  /** The body of {@code POST /pair/code}: {@code [shareP]}. */
  public byte[] request() {
    return ByteStrings.encode(List.of(share));
  }

  /**
   * As {@link #finish(byte[], byte[])}, from the body of the answer, {@code [shareV, confirmV]}.
   */
  public Spake2Confirmed finish(byte[] answer) throws NotAuthenticException, MalformedException {
    Spake2Answer parsed = Spake2Answer.parse(answer);
    return finish(parsed.shareV(), parsed.confirmV());
  }

  /**
   * Verifies that the hub knows the code; once.
   *
   * @throws NotAuthenticException if it does not, or is another hub, or answers on another
   *     connection
   * @throws MalformedException if the share is no point
   */
  public Spake2Confirmed finish(byte[] shareV, byte[] confirmV)
      throws NotAuthenticException, MalformedException {
    if (finished) {
      throw new IllegalStateException("one run has one answer");
    }
    finished = true;
    try (Spake2Transcript transcript = transcript(shareV)) {
      if (!MessageDigest.isEqual(transcript.confirmV(), confirmV)) {
        throw new NotAuthenticException();
      }
      byte[] shared = transcript.shared();
      try {
        return new Spake2Confirmed(
            transcript.confirmP(), PairingKeys.ofShared(channelBinding, shared, hub));
      } finally {
        Arrays.fill(shared, (byte) 0);
      }
    }
  }

  /** RFC 9383 §3.3: Z = x*(Y - w0*N), V = w1*(Y - w0*N). */
  Spake2Transcript transcript(byte[] shareV) throws MalformedException {
    ECPoint unmasked =
        Spake2Group.decode("shareV", shareV)
            .subtract(Spake2Group.multiply(Spake2Group.N, secrets.w0(), random))
            .normalize();
    if (unmasked.isInfinity()) {
      throw new MalformedException("shareV", "expected another point");
    }
    return Spake2Transcript.of(
        parties,
        new Spake2Shares(share, shareV.clone()),
        Spake2Group.multiply(unmasked, x, random),
        Spake2Group.multiply(unmasked, secrets.w1(), random),
        secrets.w0());
  }

  @Override
  public String toString() {
    return "Spake2Prover[hidden]";
  }
}
