// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import static dev.countersign.protocol.examples.PairingVectors.bytes;
import static dev.countersign.protocol.examples.PairingVectors.channelBinding;
import static dev.countersign.protocol.examples.PairingVectors.hub;
import static dev.countersign.protocol.examples.PairingVectors.phoneKey;
import static dev.countersign.protocol.examples.PairingVectors.publicKey;
import static dev.countersign.protocol.examples.PairingVectors.secret;
import static dev.countersign.protocol.examples.PairingVectors.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.Inputs;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.examples.PairingVectors;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

@Label("Pairing with any content")
class PairingPropertyTest {
  private static final SecretAccess ACCESS = SecretAccess.insecure();

  private final SecureRandom random = new SecureRandom();

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.strings().ofMinLength(1).ofMaxLength(64).filter(PairingPropertyTest::isName);
  }

  private static boolean isName(String text) {
    try {
      return PhoneName.check(text).equals(text);
    } catch (MalformedException e) {
      return false;
    }
  }

  @Provide
  Arbitrary<String> nearlyCodes() {
    return Inputs.nearly(text("qr.printed.text"), text("qr.screen.text"))
        .map(code -> new String(code, UTF_8));
  }

  @Provide
  Arbitrary<byte[]> nearlyRequests() {
    return Inputs.nearly(bytes("request.body"), bytes("code.pairBody"));
  }

  @Provide
  Arbitrary<byte[]> nearlyAnswers() {
    return Inputs.nearly(bytes("answer.body"));
  }

  @Provide
  Arbitrary<byte[]> nearlyHubMessages() {
    return Inputs.nearly(bytes("answer.message"));
  }

  @Provide
  Arbitrary<byte[]> nearlyStatements() {
    return Inputs.nearly(bytes("succession.statement"), bytes("succession.second"));
  }

  @Property
  @Label("a code is read as it was written")
  void codes(
      @ForAll @Size(8) byte[] id,
      @ForAll @Size(16) byte[] content,
      @ForAll PairingCode.Place place,
      @ForAll Role role,
      @ForAll boolean button)
      throws Exception {
    var code =
        new PairingCode(
            place, button, role, HubId.wrap(id), PairingSecret.wrap(content), Sha256.of(content));
    PairingCode read = PairingCode.parse(code.text(ACCESS));
    assertThat(read.hub()).isEqualTo(code.hub());
    assertThat(read.secret()).isEqualTo(code.secret());
    assertThat(read.hubKey()).isEqualTo(code.hubKey());
    assertThat(read.role()).isEqualTo(role);
    assertThat(read.place()).isEqualTo(place);
    assertThat(read.needsButton()).isEqualTo(button);
  }

  @Property
  @Label("a text is a code in its only form, or malformed")
  void judges_any_code(@ForAll String any, @ForAll("nearlyCodes") String nearly) {
    for (String code : new String[] {any, nearly}) {
      try {
        assertThat(PairingCode.parse(code).text(ACCESS))
            .isEqualTo(code.trim().toUpperCase(Locale.ROOT));
      } catch (MalformedException e) {
        assertThat(e.field()).isIn("code", "role");
      }
    }
  }

  @Property
  @Label("nine digits and their check digit are a code")
  void typed_codes(@ForAll @IntRange(max = 999_999_999) int number) throws Exception {
    String nine = String.format(Locale.ROOT, "%09d", number);
    String code = nine + Verhoeff.digitFor(nine);
    assertThat(ManualCode.parse(code).digits(ACCESS)).isEqualTo(code);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  @Label("whatever the name, both sides end with the same")
  void pairs(@ForAll("names") String name, @ForAll @Size(32) byte[] binding) throws Exception {
    try (PairingKeys phone = PairingKeys.ofSecret(binding, secret(), hub());
        PairingKeys box = PairingKeys.ofSecret(binding, secret(), hub())) {
      PairingAttempt attempt = PairingAttempt.begin(phone, phoneKey(), name, random);
      VerifiedPairingRequest request = PairingRequest.parse(attempt.request()).verify(box);
      assertThat(request.name()).isEqualTo(name);
      byte[] answer = request.answer(PairingVectors.grant());
      assertThat(attempt.verify(answer).grant()).isEqualTo(PairingVectors.grant());
    }
  }

  @Property
  @Label("no changed request is let in")
  void requests(@ForAll("nearlyRequests") byte[] body) {
    try (PairingKeys keys = PairingKeys.ofSecret(channelBinding(), secret(), hub())) {
      PairingRequest.parse(body).verify(keys);
      assertThat(body).isEqualTo(bytes("request.body"));
    } catch (MalformedException e) {
      assertThat(e.field()).isNotEmpty();
    } catch (NotAuthenticException e) {
      assertThat(body).isNotEqualTo(bytes("request.body"));
    }
  }

  @Property
  @Label("no changed answer is taken, and what the hub says has one form")
  void answers(@ForAll("nearlyAnswers") byte[] answer, @ForAll("nearlyHubMessages") byte[] message)
      throws Exception {
    try (PairingKeys keys = PairingKeys.ofSecret(channelBinding(), secret(), hub())) {
      PairingAttempt attempt = PairingAttempt.begin(keys, phoneKey(), "Anna", random);
      assertThat(refuses(attempt, answer)).isTrue();
    }
    try {
      assertThat(HubMessage.decode(message).encode()).isEqualTo(message);
    } catch (MalformedException e) {
      assertThat(e.field()).isNotEmpty();
    }
  }

  private static boolean refuses(PairingAttempt attempt, byte[] answer) {
    try {
      attempt.verify(answer);
      return false;
    } catch (MalformedException | NotAuthenticException e) {
      return true;
    }
  }

  @Property
  @Label("no changed statement of succession is taken")
  void statements(@ForAll("nearlyStatements") byte[] statement) throws Exception {
    try {
      HubSuccession.verify(statement, hub(), publicKey("succession.oldKey"));
      assertThat(statement).isEqualTo(bytes("succession.statement"));
    } catch (MalformedException | NotAuthenticException e) {
      assertThat(Arrays.equals(statement, bytes("succession.statement"))).isFalse();
    }
  }

  @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
  @Label("SPAKE2+ agrees for any secrets, and only for the same")
  void spake2(@ForAll @Size(32) byte[] w0, @ForAll @Size(32) byte[] w1) throws Exception {
    Spake2Parties parties = Spake2Parties.of(hub(), Sha256.of(w0), channelBinding());
    var same = new Spake2Secrets(scalar(w0), scalar(w1));
    var other = new Spake2Secrets(scalar(w0), scalar(w1).add(BigInteger.TWO));
    for (Spake2Secrets secrets : new Spake2Secrets[] {same, other}) {
      Spake2Prover phone = Spake2Prover.of(same, parties, Spake2Group.randomScalar(random), random);
      Spake2Verifier box =
          Spake2Verifier.of(secrets, parties, Spake2Group.randomScalar(random), random);
      Spake2Answer answer = box.answer(phone.share());
      try (Spake2Transcript transcript = phone.transcript(answer.shareV())) {
        assertThat(Arrays.equals(transcript.confirmV(), answer.confirmV()))
            .isEqualTo(secrets.equals(same));
      }
    }
  }

  private static BigInteger scalar(byte[] bytes) {
    return new BigInteger(1, bytes).mod(Spake2Group.ORDER).max(BigInteger.ONE);
  }
}
