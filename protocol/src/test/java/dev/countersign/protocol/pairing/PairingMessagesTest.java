// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import static dev.countersign.protocol.examples.PairingVectors.bytes;
import static dev.countersign.protocol.examples.PairingVectors.certificate;
import static dev.countersign.protocol.examples.PairingVectors.channelBinding;
import static dev.countersign.protocol.examples.PairingVectors.hub;
import static dev.countersign.protocol.examples.PairingVectors.phoneKey;
import static dev.countersign.protocol.examples.PairingVectors.secret;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.examples.PairingVectors;
import dev.countersign.protocol.keys.Hmac;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.Certificates;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Messages of pairing")
class PairingMessagesTest {
  private final SecureRandom random = new SecureRandom();
  private final PairingKeys phoneKeys = keys();
  private final PairingKeys hubKeys = keys();
  private PairingAttempt attempt;

  private static PairingKeys keys() {
    return PairingKeys.ofSecret(channelBinding(), secret(), hub());
  }

  @BeforeEach
  void begins() throws Exception {
    attempt = PairingAttempt.begin(phoneKeys, phoneKey(), "Anna", random);
  }

  private byte[] answer(byte[] request) throws ProtocolException {
    return PairingRequest.parse(request).verify(hubKeys).answer(PairingVectors.grant());
  }

  @Test
  @DisplayName("both sides end with the same grant")
  void pairs() throws Exception {
    VerifiedPairingRequest request = PairingRequest.parse(attempt.request()).verify(hubKeys);
    assertThat(request.name()).isEqualTo("Anna");
    assertThat(request.csr().publicKey()).isEqualTo(phoneKey().getPublic());
    PairedPhone paired = attempt.verify(request.answer(PairingVectors.grant()));
    assertThat(paired.grant()).isEqualTo(PairingVectors.grant());
  }

  @Test
  @DisplayName("a request with any bit flipped is refused")
  void flipped_bits_of_a_request() throws Exception {
    byte[] request = attempt.request();
    for (int bit = 0; bit < 8 * request.length; bit++) {
      byte[] flipped = flip(request, bit);
      assertThatThrownBy(() -> PairingRequest.parse(flipped).verify(hubKeys))
          .as("bit %s", bit)
          .isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  @DisplayName("an answer with any bit flipped is refused")
  void flipped_bits_of_an_answer() throws Exception {
    byte[] answer = answer(attempt.request());
    for (int bit = 0; bit < 8 * answer.length; bit++) {
      byte[] flipped = flip(answer, bit);
      assertThatThrownBy(() -> attempt.verify(flipped))
          .as("bit %s", bit)
          .isInstanceOf(ProtocolException.class);
    }
  }

  private static byte[] flip(byte[] bytes, int bit) {
    byte[] flipped = bytes.clone();
    flipped[bit / 8] ^= (byte) (1 << bit % 8);
    return flipped;
  }

  @Test
  @DisplayName("a request cut off or lengthened is refused")
  void lengths() throws Exception {
    byte[] request = attempt.request();
    for (int length = 0; length < request.length + 2; length++) {
      byte[] other = Arrays.copyOf(request, length);
      if (length != request.length) {
        assertThatThrownBy(() -> PairingRequest.parse(other)).isInstanceOf(ProtocolException.class);
      }
    }
  }

  @Test
  @DisplayName("RFC 8949 §4.2.1: the same content in a longer form is refused")
  void one_form() throws Exception {
    byte[] request = longArray(attempt.request());
    assertThatThrownBy(() -> PairingRequest.parse(request)).hasMessageContaining("shortest form");
    byte[] answer = longArray(answer(attempt.request()));
    assertThatThrownBy(() -> attempt.verify(answer)).hasMessageContaining("shortest form");
  }

  /** With the number of items in a byte of its own. */
  private static byte[] longArray(byte[] body) {
    byte[] longer = new byte[body.length + 1];
    System.arraycopy(body, 1, longer, 2, body.length - 1);
    longer[0] = (byte) 0x98;
    longer[1] = (byte) (body[0] & 0x1f);
    return longer;
  }

  @Test
  @DisplayName("a request forwarded over another connection is refused, and so is its answer")
  void other_connection() throws Exception {
    byte[] otherBinding = flip(channelBinding(), 0);
    PairingKeys hubSide = PairingKeys.ofSecret(otherBinding, secret(), hub());
    PairingRequest forwarded = PairingRequest.parse(attempt.request());
    assertThatThrownBy(() -> forwarded.verify(hubSide)).isInstanceOf(NotAuthenticException.class);
    byte[] answer =
        new VerifiedPairingRequest(hubSide, messageOf(attempt), decoded(attempt))
            .answer(PairingVectors.grant());
    assertThatThrownBy(() -> attempt.verify(answer)).isInstanceOf(NotAuthenticException.class);
  }

  private static byte[] messageOf(PairingAttempt attempt) throws MalformedException {
    return ByteStrings.decode(attempt.request(), List.of("message", "tag"), 0).get(0);
  }

  private static PhoneMessage decoded(PairingAttempt attempt) throws MalformedException {
    return PhoneMessage.decode(messageOf(attempt));
  }

  @Test
  @DisplayName("another hub with the same secret is another hub")
  void other_hub() throws Exception {
    HubId other = HubId.wrap(flip(hub().bytes(), 63));
    PairingKeys otherKeys = PairingKeys.ofSecret(channelBinding(), secret(), other);
    PairingRequest request = PairingRequest.parse(attempt.request());
    assertThatThrownBy(() -> request.verify(otherKeys)).isInstanceOf(NotAuthenticException.class);
    byte[] answer =
        new VerifiedPairingRequest(otherKeys, messageOf(attempt), decoded(attempt))
            .answer(PairingVectors.grant());
    assertThatThrownBy(() -> attempt.verify(answer)).isInstanceOf(NotAuthenticException.class);
  }

  @Test
  @DisplayName("who has another secret is refused on either side")
  void other_secret() throws Exception {
    PairingKeys guessed =
        PairingKeys.ofSecret(channelBinding(), PairingSecret.random(random), hub());
    byte[] request = PairingAttempt.begin(guessed, phoneKey(), "Eve", random).request();
    assertThatThrownBy(() -> answer(request)).isInstanceOf(NotAuthenticException.class);
    byte[] answer =
        new VerifiedPairingRequest(guessed, messageOf(attempt), decoded(attempt))
            .answer(PairingVectors.grant());
    assertThatThrownBy(() -> attempt.verify(answer)).isInstanceOf(NotAuthenticException.class);
  }

  @Test
  @DisplayName("the answer to another request is refused")
  void other_request() throws Exception {
    PairingAttempt other = PairingAttempt.begin(phoneKeys, phoneKey(), "Anna", random);
    byte[] answer = answer(other.request());
    assertThatCode(() -> other.verify(answer)).doesNotThrowAnyException();
    assertThatThrownBy(() -> attempt.verify(answer)).isInstanceOf(NotAuthenticException.class);
  }

  @Test
  @DisplayName("a phone's own request, sent back, is no answer")
  void reflected() {
    assertThatThrownBy(() -> attempt.verify(attempt.request()))
        .isInstanceOf(NotAuthenticException.class);
  }

  @Test
  @DisplayName("a tag of a phone is none of a hub: each direction has its key")
  void directions() {
    byte[] request = {1};
    byte[] answer = {2};
    byte[] asked = join("cs1-pair".getBytes(US_ASCII), Sha256.of(request).bytes());
    byte[] answered = join(Sha256.of(request).bytes(), Sha256.of(answer).bytes());
    assertThat(phoneKeys.requestTag(request)).isEqualTo(Hmac.sha256(bytes("keys.phoneKey"), asked));
    assertThat(phoneKeys.answerTag(request, answer))
        .isEqualTo(Hmac.sha256(bytes("keys.hubKey"), answered));
    assertThat(bytes("keys.phoneKey")).isNotEqualTo(bytes("keys.hubKey"));
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  @Test
  @DisplayName("RFC 2986: a request for a key that its sender does not hold is refused")
  void proof_of_possession() throws Exception {
    byte[] csr = CertificateRequest.create(phoneKey()).der();
    csr[csr.length - 1] ^= 1;
    PhoneMessage message = PhoneMessage.create(CertificateRequest.parse(csr), "Anna", random);
    byte[] bytes = message.encode();
    byte[] body = ByteStrings.encode(List.of(bytes, phoneKeys.requestTag(bytes)));
    assertThatThrownBy(() -> PairingRequest.parse(body).verify(hubKeys))
        .isInstanceOf(NotAuthenticException.class);
  }

  private byte[] answerWith(X509Certificate certificate, X509Certificate phoneCa, byte[] nonce)
      throws MalformedException {
    PairingGrant good = PairingVectors.grant();
    var grant = new PairingGrant(certificate, phoneCa, good.hubChain(), Role.OWNER, 1);
    byte[] bytes = new HubMessage(grant, nonce).encode();
    return ByteStrings.encode(List.of(bytes, hubKeys.answerTag(messageOf(attempt), bytes)));
  }

  @Test
  @DisplayName("a certificate for another key than the phone's is refused")
  void other_key() throws Exception {
    byte[] nonce = decoded(attempt).nonce();
    byte[] answer = answerWith(certificate("answer.hubLeaf"), certificate("answer.phoneCa"), nonce);
    assertThatThrownBy(() -> attempt.verify(answer)).hasMessageContaining("this phone's key");
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair other = generator.generateKeyPair();
    byte[] request = PairingAttempt.begin(phoneKeys, other, "Anna", random).request();
    assertThatThrownBy(() -> answer(request)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"answer.hubCa", "answer.hubLeaf", "answer.certificate"})
  @DisplayName("a phone CA is an authority that signed itself")
  void phone_ca(String name) throws Exception {
    byte[] nonce = decoded(attempt).nonce();
    byte[] answer = answerWith(certificate("answer.certificate"), certificate(name), nonce);
    assertThatThrownBy(() -> attempt.verify(answer)).hasMessageContaining("signed itself");
  }

  @Test
  @DisplayName("RFC 5280 §4.2.1.9: who is no authority issues nothing, though it signed itself")
  void no_authority() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair issuer = generator.generateKeyPair();
    X509Certificate itself = issue(issuer.getPublic(), issuer);
    X509Certificate certificate = issue(phoneKey().getPublic(), issuer);
    byte[] answer = answerWith(certificate, itself, decoded(attempt).nonce());
    assertThatThrownBy(() -> attempt.verify(answer)).hasMessageContaining("signed itself");
  }

  private static X509Certificate issue(PublicKey key, KeyPair issuer) throws Exception {
    var name = new X500Name("CN=No authority");
    var begin = Date.from(Instant.parse("2026-01-01T00:00:00Z"));
    var end = Date.from(Instant.parse("9999-12-31T23:59:59Z"));
    var builder = new JcaX509v3CertificateBuilder(name, BigInteger.ONE, begin, end, name, key);
    var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate());
    return Certificates.parse(builder.build(signer).getEncoded());
  }

  @Test
  @DisplayName("a certificate that the phone CA did not issue is refused")
  void other_issuer() throws Exception {
    byte[] nonce = decoded(attempt).nonce();
    byte[] answer =
        answerWith(certificate("answer.certificate"), certificate("answer.root"), nonce);
    assertThatThrownBy(() -> attempt.verify(answer)).hasMessageContaining("phone CA issued");
  }

  @Test
  @DisplayName("an answer repeats the nonce of its request")
  void nonce() throws Exception {
    byte[] nonce = flip(decoded(attempt).nonce(), 0);
    byte[] answer =
        answerWith(certificate("answer.certificate"), certificate("answer.phoneCa"), nonce);
    assertThatThrownBy(() -> attempt.verify(answer)).hasMessageContaining("nonce");
  }

  @Test
  @DisplayName("closed keys make and verify nothing")
  void closed() throws Exception {
    byte[] request = attempt.request();
    hubKeys.close();
    PairingRequest parsed = PairingRequest.parse(request);
    assertThatThrownBy(() -> parsed.verify(hubKeys)).isInstanceOf(IllegalStateException.class);
    phoneKeys.close();
    assertThatThrownBy(() -> attempt.request()).isInstanceOf(IllegalStateException.class);
    assertThat(phoneKeys).hasToString("PairingKeys[hidden]");
  }

  @Test
  @DisplayName("keys need a whole channel binding and a whole shared key")
  void inputs_of_keys() {
    assertThatThrownBy(() -> PairingKeys.ofSecret(new byte[0], secret(), hub()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PairingKeys.ofShared(channelBinding(), new byte[16], hub()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("a name that is none is neither sent nor read")
  void name() throws Exception {
    assertThatThrownBy(() -> PairingAttempt.begin(phoneKeys, phoneKey(), "a\nb", random))
        .isInstanceOf(IllegalArgumentException.class);
    byte[] bytes =
        PhoneMessage.create(CertificateRequest.create(phoneKey()), "a\nb", random).encode();
    byte[] body = ByteStrings.encode(List.of(bytes, phoneKeys.requestTag(bytes)));
    assertThatThrownBy(() -> PairingRequest.parse(body))
        .isInstanceOf(MalformedException.class)
        .hasMessageStartingWith("name: ");
  }

  @Test
  @DisplayName("certificates of one grant are copied as they come")
  void grant() throws Exception {
    PairingGrant grant = PairingVectors.grant();
    assertThat(grant.hubChain()).hasSize(3);
    assertThat(Certificates.keyHash(grant.certificate()))
        .isEqualTo(CertificateRequest.create(phoneKey()).keyHash());
    assertThatThrownBy(
            () -> new PairingGrant(grant.certificate(), grant.phoneCa(), List.of(), Role.OWNER, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() ->
            new PairingGrant(grant.certificate(), grant.phoneCa(), grant.hubChain(), Role.OWNER, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
