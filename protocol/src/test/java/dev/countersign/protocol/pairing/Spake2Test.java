// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import static dev.countersign.protocol.examples.PairingVectors.bytes;
import static dev.countersign.protocol.examples.PairingVectors.channelBinding;
import static dev.countersign.protocol.examples.PairingVectors.hub;
import static dev.countersign.protocol.examples.PairingVectors.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Sha256;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.math.ec.ECPoint;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Pairing by a typed code, SPAKE2+ (RFC 9383)")
class Spake2Test {
  private static final Sha256 KEY = Sha256.of(new byte[] {1});

  private final SecureRandom random = new SecureRandom();
  private final Spake2Secrets secrets =
      new Spake2Secrets(BigInteger.valueOf(4711), BigInteger.valueOf(815));

  private static ManualCode code() throws MalformedException {
    return ManualCode.parse(text("code.code"));
  }

  private Spake2Prover prover() throws MalformedException {
    return Spake2Prover.begin(code(), hub(), KEY, channelBinding(), random);
  }

  private Spake2Verifier verifier() throws MalformedException {
    return Spake2Verifier.begin(code(), hub(), KEY, channelBinding(), random);
  }

  /** The same without scrypt, for what does not depend on the code. */
  private Spake2Prover quickProver() {
    return Spake2Prover.of(secrets, parties(), Spake2Group.randomScalar(random), random);
  }

  private Spake2Verifier quickVerifier() {
    return Spake2Verifier.of(secrets, parties(), Spake2Group.randomScalar(random), random);
  }

  private static Spake2Parties parties() {
    return Spake2Parties.of(hub(), KEY, channelBinding());
  }

  @Test
  @DisplayName("who has the same code ends with the same keys")
  void agrees() throws Exception {
    Spake2Prover prover = prover();
    Spake2Verifier verifier = verifier();
    byte[] answer = verifier.answer(Spake2Answer.parseRequest(prover.request())).encode();
    Spake2Confirmed confirmed = prover.finish(answer);
    try (PairingKeys phone = confirmed.keys();
        PairingKeys hub = verifier.verify(confirmed.confirmP())) {
      assertThat(hub.requestTag(answer)).isEqualTo(phone.requestTag(answer));
      assertThat(hub.answerTag(answer, answer)).isEqualTo(phone.answerTag(answer, answer));
    }
    assertThat(prover).hasToString("Spake2Prover[hidden]");
    assertThat(verifier).hasToString("Spake2Verifier[hidden]");
  }

  /** Both sides refuse each other, whoever confirms first. */
  private static void refuseEachOther(Spake2Prover prover, Spake2Verifier verifier)
      throws ProtocolException {
    Spake2Answer answer = verifier.answer(prover.share());
    try (Spake2Transcript phone = prover.transcript(answer.shareV())) {
      assertThatThrownBy(() -> verifier.verify(phone.confirmP()))
          .isInstanceOf(NotAuthenticException.class);
    }
    assertThatThrownBy(() -> prover.finish(answer.encode()))
        .isInstanceOf(NotAuthenticException.class);
  }

  @Test
  @DisplayName("another code is refused on either side")
  void other_code() throws Exception {
    ManualCode other = ManualCode.random(random);
    refuseEachOther(Spake2Prover.begin(other, hub(), KEY, channelBinding(), random), verifier());
  }

  @Test
  @DisplayName("RFC 9383 §3.1: another connection is refused on either side, by its context")
  void other_connection() throws Exception {
    byte[] other = channelBinding();
    other[31] ^= 1;
    refuseEachOther(prover(), Spake2Verifier.begin(code(), hub(), KEY, other, random));
  }

  @Test
  @DisplayName("RFC 9383 §3.1: a hub with another key is refused on either side, by its identity")
  void other_hub_key() throws Exception {
    Sha256 other = Sha256.of(new byte[] {2});
    refuseEachOther(prover(), Spake2Verifier.begin(code(), hub(), other, channelBinding(), random));
  }

  @Test
  @DisplayName("a hub with another id is refused on either side")
  void other_hub() throws Exception {
    HubId other = HubId.random(random);
    refuseEachOther(prover(), Spake2Verifier.begin(code(), other, KEY, channelBinding(), random));
  }

  @Test
  @DisplayName("the identity and the context are in the transcript, not in the secrets alone")
  void parties_are_in_the_transcript() throws Exception {
    byte[] otherBinding = channelBinding();
    otherBinding[0] ^= 1;
    for (Spake2Parties other :
        new Spake2Parties[] {
          Spake2Parties.of(hub(), Sha256.of(new byte[] {2}), channelBinding()),
          Spake2Parties.of(HubId.random(random), KEY, channelBinding()),
          Spake2Parties.of(hub(), KEY, otherBinding)
        }) {
      refuseEachOther(
          quickProver(),
          Spake2Verifier.of(secrets, other, Spake2Group.randomScalar(random), random));
    }
  }

  @Test
  @DisplayName("each flipped bit of a share or a confirmation is refused")
  void flipped_bits() throws Exception {
    Spake2Prover prover = quickProver();
    for (int bit = 0; bit < 8 * Spake2Group.POINT_BYTES; bit += 1) {
      byte[] share = flip(prover.share(), bit);
      Spake2Verifier verifier = quickVerifier();
      assertThatThrownBy(() -> prover.finish(verifier.answer(share).encode()))
          .as("bit %s", bit)
          .isInstanceOf(MalformedException.class);
    }
    for (int bit = 0; bit < 256; bit++) {
      Spake2Prover other = quickProver();
      Spake2Verifier verifier = quickVerifier();
      byte[] answer = verifier.answer(other.share()).encode();
      byte[] confirmation = flip(other.finish(answer).confirmP(), bit);
      assertThatThrownBy(() -> verifier.verify(confirmation))
          .isInstanceOf(NotAuthenticException.class);
    }
  }

  private static byte[] flip(byte[] bytes, int bit) {
    byte[] flipped = bytes.clone();
    flipped[bit / 8] ^= (byte) (1 << bit % 8);
    return flipped;
  }

  @Test
  @DisplayName("RFC 9383 §6: what is no point of the curve is refused")
  void off_the_curve() throws Exception {
    byte[] share = quickProver().share();
    byte[] beyond = share.clone();
    Arrays.fill(beyond, 1, 33, (byte) 0xff);
    byte[] compressed = Arrays.copyOf(share, 33);
    compressed[0] = 2;
    byte[] hybrid = share.clone();
    hybrid[0] = (byte) (6 + (share[64] & 1));
    byte[] zero = new byte[65];
    zero[0] = 4;
    for (byte[] wrong :
        new byte[][] {
          flip(share, 8 * 65 - 8), beyond, compressed, hybrid, zero, new byte[1], new byte[65]
        }) {
      assertThatThrownBy(() -> quickVerifier().answer(wrong))
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining("shareP");
      assertThatThrownBy(() -> quickProver().finish(wrong, new byte[32]))
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining("shareV");
    }
  }

  @Test
  @DisplayName("a share that leaves nothing once it is unmasked is refused")
  void mask_alone() {
    byte[] maskOfProver = mask(Spake2Group.M);
    byte[] maskOfVerifier = mask(Spake2Group.N);
    assertThatThrownBy(() -> quickVerifier().answer(maskOfProver))
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> quickProver().finish(maskOfVerifier, new byte[32]))
        .isInstanceOf(MalformedException.class);
  }

  private byte[] mask(ECPoint constant) {
    return Spake2Group.encode(Spake2Group.multiply(constant, secrets.w0(), random));
  }

  @Test
  @DisplayName("one run has one share, one answer and one confirmation")
  void once() throws Exception {
    Spake2Prover prover = quickProver();
    Spake2Verifier verifier = quickVerifier();
    assertThatThrownBy(() -> verifier.verify(new byte[32]))
        .isInstanceOf(IllegalStateException.class);
    Spake2Answer answer = verifier.answer(prover.share());
    assertThatThrownBy(() -> verifier.answer(prover.share()))
        .isInstanceOf(IllegalStateException.class);
    byte[] confirmP = prover.finish(answer.encode()).confirmP();
    assertThatThrownBy(() -> prover.finish(answer.encode()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> verifier.verify(new byte[32]))
        .isInstanceOf(NotAuthenticException.class);
    assertThatThrownBy(() -> verifier.verify(confirmP)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("RFC 9383 §4: M and N are the points of the RFC, uncompressed")
  void constants() {
    assertThat(Spake2Group.encode(Spake2Group.M))
        .startsWith(4, 0x88, 0x6e, 0x2f)
        .endsWith(0x2e, 0x2d, 0x20)
        .hasSize(65);
    assertThat(Spake2Group.M.isValid()).isTrue();
    assertThat(Spake2Group.N.isValid()).isTrue();
  }

  @Test
  @DisplayName("multiplying in two parts is multiplying")
  void multiplies() {
    BigInteger last = Spake2Group.ORDER.subtract(BigInteger.ONE);
    for (BigInteger scalar :
        new BigInteger[] {
          BigInteger.ZERO, BigInteger.ONE, BigInteger.TWO, last, Spake2Group.randomScalar(random)
        }) {
      assertThat(Spake2Group.multiply(Spake2Group.M, scalar, random))
          .isEqualTo(Spake2Group.M.multiply(scalar));
    }
  }

  @Test
  @DisplayName("messages of another form are refused")
  void forms() {
    byte[] request = bytes("code.requestBody");
    byte[] answer = bytes("code.answerBody");
    for (int length = 0; length < request.length; length++) {
      byte[] cut = Arrays.copyOf(request, length);
      assertThatThrownBy(() -> Spake2Answer.parseRequest(cut))
          .isInstanceOf(MalformedException.class);
    }
    for (int length = 0; length < answer.length; length++) {
      byte[] cut = Arrays.copyOf(answer, length);
      assertThatThrownBy(() -> Spake2Answer.parse(cut)).isInstanceOf(MalformedException.class);
    }
    assertThatThrownBy(() -> Spake2Answer.parse(request)).isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> Spake2Answer.parseRequest(answer))
        .isInstanceOf(MalformedException.class);
  }
}
