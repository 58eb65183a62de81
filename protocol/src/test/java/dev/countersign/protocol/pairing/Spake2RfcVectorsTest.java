// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.NotAuthenticException;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** RFC 9383 appendix C, the first suite: P256-SHA256-HKDF-SHA256-HMAC-SHA256. */
@DisplayName("SPAKE2+, RFC 9383 appendix C")
class Spake2RfcVectorsTest {
  private static final Spake2Parties PARTIES =
      new Spake2Parties(
          "SPAKE2+-P256-SHA256-HKDF-SHA256-HMAC-SHA256 Test Vectors".getBytes(US_ASCII),
          "client".getBytes(US_ASCII),
          "server".getBytes(US_ASCII));
  private static final Spake2Secrets SECRETS =
      new Spake2Secrets(
          number("bb8e1bbcf3c48f62c08db243652ae55d3e5586053fca77102994f23ad95491b3"),
          number("7e945f34d78785b8a3ef44d0df5a1a97d6b3b460409a345ca7830387a74b1dba"));
  private static final BigInteger X =
      number("d1232c8e8693d02368976c174e2088851b8365d0d79a9eee709c6a05a2fad539");
  private static final BigInteger Y =
      number("717a72348a182085109c8d3917d6c43d59b224dc6a7fc4f0483232fa6516d8b3");

  private static final String L =
      "04eb7c9db3d9a9eb1f8adab81b5794c1f13ae3e225efbe91ea487425854c7fc00f00bfedcbd09b2400142d40a14f"
          + "2064ef31dfaa903b91d1faea7093d835966efd";
  private static final String SHARE_P =
      "04ef3bd051bf78a2234ec0df197f7828060fe9856503579bb1733009042c15c0c1de127727f418b5966afadfdd95"
          + "a6e4591d171056b333dab97a79c7193e341727";
  private static final String SHARE_V =
      "04c0f65da0d11927bdf5d560c69e1d7d939a05b0e88291887d679fcadea75810fb5cc1ca7494db39e82ff2f50665"
          + "255d76173e09986ab46742c798a9a68437b048";
  private static final String MAIN =
      "4c59e1ccf2cfb961aa31bd9434478a1089b56cd11542f53d3576fb6c2a438a29";
  private static final String CONFIRM_P =
      "926cc713504b9b4d76c9162ded04b5493e89109f6d89462cd33adc46fda27527";
  private static final String CONFIRM_V =
      "9747bcc4f8fe9f63defee53ac9b07876d907d55047e6ff2def2e7529089d3e68";
  private static final String SHARED =
      "0c5f8ccd1413423a54f6c1fb26ff01534a87f893779c6e68666d772bfd91f3e7";

  private final SecureRandom random = new SecureRandom();
  private final Spake2Prover prover = Spake2Prover.of(SECRETS, PARTIES, X, random);
  private final Spake2Verifier verifier = Spake2Verifier.of(SECRETS, PARTIES, Y, random);

  private static BigInteger number(String hex) {
    return new BigInteger(hex, 16);
  }

  private static byte[] hex(String hex) {
    return Hexadecimal.decode(hex);
  }

  @Test
  @DisplayName("L = w1*P")
  void registration() {
    assertThat(
            Spake2Group.encode(Spake2Group.multiply(Spake2Group.GENERATOR, SECRETS.w1(), random)))
        .isEqualTo(hex(L));
  }

  @Test
  @DisplayName("the prover's share, keys and confirmation")
  void prover() throws Exception {
    assertThat(prover.share()).isEqualTo(hex(SHARE_P));
    try (Spake2Transcript transcript = prover.transcript(hex(SHARE_V))) {
      assertThat(transcript.main()).isEqualTo(hex(MAIN));
      assertThat(transcript.confirmP()).isEqualTo(hex(CONFIRM_P));
      assertThat(transcript.confirmV()).isEqualTo(hex(CONFIRM_V));
      assertThat(transcript.shared()).isEqualTo(hex(SHARED));
    }
    assertThat(prover.finish(hex(SHARE_V), hex(CONFIRM_V)).confirmP()).isEqualTo(hex(CONFIRM_P));
  }

  @Test
  @DisplayName("the verifier's share, keys and confirmation")
  void verifier() throws Exception {
    try (Spake2Transcript transcript = verifier.transcript(hex(SHARE_P))) {
      assertThat(transcript.main()).isEqualTo(hex(MAIN));
      assertThat(transcript.shared()).isEqualTo(hex(SHARED));
    }
    Spake2Answer answer = verifier.answer(hex(SHARE_P));
    assertThat(answer.shareV()).isEqualTo(hex(SHARE_V));
    assertThat(answer.confirmV()).isEqualTo(hex(CONFIRM_V));
    verifier.verify(hex(CONFIRM_P)).close();
  }

  @Test
  @DisplayName("each flipped bit of a confirmation is refused")
  void flipped_bits() throws Exception {
    for (int bit = 0; bit < 256; bit++) {
      byte[] confirmV = hex(CONFIRM_V);
      confirmV[bit / 8] ^= (byte) (1 << bit % 8);
      Spake2Prover phone = Spake2Prover.of(SECRETS, PARTIES, X, random);
      assertThatThrownBy(() -> phone.finish(hex(SHARE_V), confirmV))
          .isInstanceOf(NotAuthenticException.class);
    }
  }
}
