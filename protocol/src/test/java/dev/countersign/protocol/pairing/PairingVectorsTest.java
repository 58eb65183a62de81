// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import static dev.countersign.protocol.examples.PairingVectors.bytes;
import static dev.countersign.protocol.examples.PairingVectors.channelBinding;
import static dev.countersign.protocol.examples.PairingVectors.hub;
import static dev.countersign.protocol.examples.PairingVectors.number;
import static dev.countersign.protocol.examples.PairingVectors.publicKey;
import static dev.countersign.protocol.examples.PairingVectors.secret;
import static dev.countersign.protocol.examples.PairingVectors.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.examples.PairingVectors;
import dev.countersign.protocol.pairing.PairingCode.Place;
import dev.countersign.protocol.x509.Certificates;
import java.security.SecureRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The examples of pairing in docs/protocol.md")
class PairingVectorsTest {
  private final SecureRandom random = new SecureRandom();

  @ParameterizedTest
  @CsvSource({
    "printed, PRINTED, true, OWNER",
    "screen, SCREEN, false, USER",
    "invitation, INVITATION, false, GUEST"
  })
  @DisplayName("QR codes")
  void codes(String name, Place place, boolean needsButton, Role role) throws Exception {
    Sha256 key = Certificates.keyHash(PairingVectors.certificate("answer.hubLeaf"));
    var code = new PairingCode(place, needsButton, role, hub(), secret(), key);
    assertThat(code.text(SecretAccess.insecure())).isEqualTo(text("qr." + name + ".text"));
    PairingCode read = PairingCode.parse(text("qr." + name + ".text"));
    assertThat(read.place()).isEqualTo(place);
    assertThat(read.needsButton()).isEqualTo(needsButton);
    assertThat(read.role()).isEqualTo(role);
    assertThat(read.hub()).isEqualTo(hub());
    assertThat(read.secret()).isEqualTo(secret());
    assertThat(read.hubKey()).isEqualTo(key);
  }

  @Test
  @DisplayName("a phone's request is verified, and answered byte by byte")
  void hub_side() throws Exception {
    try (PairingKeys keys = PairingKeys.ofSecret(channelBinding(), secret(), hub())) {
      VerifiedPairingRequest request = PairingRequest.parse(bytes("request.body")).verify(keys);
      assertThat(request.name()).isEqualTo("Anna");
      assertThat(request.csr().der()).isEqualTo(bytes("request.csr"));
      assertThat(request.answer(PairingVectors.grant())).isEqualTo(bytes("answer.body"));
    }
  }

  @Test
  @DisplayName("the same after a typed code")
  void hub_side_of_a_typed_code() throws Exception {
    Spake2Verifier verifier = Spake2Verifier.of(secrets(), parties(), number("code.y"), random);
    byte[] share = Spake2Answer.parseRequest(bytes("code.requestBody"));
    assertThat(verifier.answer(share).encode()).isEqualTo(bytes("code.answerBody"));
    PairingRequest request = PairingRequest.parse(bytes("code.pairBody"));
    verifier.verify(request.confirmation().orElseThrow()).close();
    try (PairingKeys keys = PairingKeys.ofShared(channelBinding(), bytes("code.shared"), hub())) {
      assertThat(request.verify(keys).answer(PairingVectors.grant()))
          .isEqualTo(bytes("code.pairAnswerBody"));
    }
  }

  private static Spake2Parties parties() throws Exception {
    Sha256 key = Certificates.keyHash(PairingVectors.certificate("answer.hubLeaf"));
    return Spake2Parties.of(hub(), key, channelBinding());
  }

  private static Spake2Secrets secrets() throws Exception {
    return Spake2Secrets.of(ManualCode.parse(text("code.code")), hub(), parties());
  }

  @Test
  @DisplayName("scrypt and the division make w0 and w1")
  void secrets_of_a_code() throws Exception {
    assertThat(secrets().w0()).isEqualTo(number("code.w0"));
    assertThat(secrets().w1()).isEqualTo(number("code.w1"));
  }

  @Test
  @DisplayName("the phone's side of SPAKE2+")
  void phone_side_of_a_typed_code() throws Exception {
    Spake2Prover prover = Spake2Prover.of(secrets(), parties(), number("code.x"), random);
    assertThat(prover.request()).isEqualTo(bytes("code.requestBody"));
    try (Spake2Transcript transcript = prover.transcript(bytes("code.shareV"))) {
      assertThat(transcript.main()).isEqualTo(bytes("code.main"));
      assertThat(transcript.shared()).isEqualTo(bytes("code.shared"));
    }
    assertThat(prover.finish(bytes("code.answerBody")).confirmP())
        .isEqualTo(bytes("code.confirmP"));
  }

  @Test
  @DisplayName("statements of succession are verified and followed")
  void successions() throws Exception {
    byte[] statement = bytes("succession.statement");
    HubSuccession first = HubSuccession.verify(statement, hub(), publicKey("succession.oldKey"));
    assertThat(first.newKey()).isEqualTo(Sha256.of(bytes("succession.newKey")));
    assertThat(first.newPublicKey()).isEqualTo(publicKey("succession.newKey"));
    assertThat(first.counter()).isEqualTo(1);
    HubSuccession last =
        HubSuccession.follow(
                HubSuccession.decodeAll(bytes("succession.body")),
                hub(),
                publicKey("succession.oldKey"),
                0)
            .orElseThrow();
    assertThat(last.newKey()).isEqualTo(Sha256.of(bytes("succession.secondKey")));
    assertThat(last.counter()).isEqualTo(2);
  }
}
