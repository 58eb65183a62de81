// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.countersign.pki.RefusedRequestException.Reason;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.x509.CertificateRequest;
import java.lang.reflect.Modifier;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.jce.ECNamedCurveTable;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jce.spec.ECPrivateKeySpec;
import org.bouncycastle.jce.spec.ECPublicKeySpec;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class VerifiedRequestTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final BouncyCastleProvider BC = new BouncyCastleProvider();

  private final KeyPolicy policy = KeyPolicy.standard();

  @Test
  @DisplayName("A request with a fresh key and its signature passes, and names the key by its hash")
  void accepts_a_good_request() throws Exception {
    KeyPair keys = fresh();
    CertificateRequest request = parsed(CertificateRequest.create(keys).der());

    VerifiedRequest verified = VerifiedRequest.verify(request, policy);

    assertThat(verified.publicKey()).isEqualTo(keys.getPublic());
    assertThat(verified.keyHash()).isEqualTo(Sha256.of(keys.getPublic().getEncoded()));
    assertThat(verified.request()).isSameAs(request);
  }

  @Test
  @DisplayName("RFC 2986 §3: a request signed by another key proves nothing")
  void refuses_another_signer() throws Exception {
    byte[] der =
        new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), fresh().getPublic())
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(fresh().getPrivate()))
            .getEncoded();

    assertThat(refusal(parsed(der))).isEqualTo(Reason.BAD_PROOF);
  }

  @Test
  void refuses_a_flipped_bit_in_the_signature() throws Exception {
    byte[] der = CertificateRequest.create(fresh()).der();
    der[der.length - 1] ^= 1;

    assertThat(refusal(parsed(der))).isEqualTo(Reason.BAD_PROOF);
  }

  @Test
  void refuses_rsa_1024() throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024, RANDOM);

    assertThat(refusal(CertificateRequest.create(generator.generateKeyPair())))
        .isEqualTo(Reason.UNSUPPORTED_KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"secp224r1", "secp256k1"})
  @DisplayName("Requests with other curves get nowhere: parser or policy refuses them")
  void refuses_other_curves(String curve) throws Exception {
    var generator = KeyPairGenerator.getInstance("EC", BC);
    generator.initialize(new ECGenParameterSpec(curve), RANDOM);
    byte[] der = signed(generator.generateKeyPair());

    assertThatThrownBy(() -> VerifiedRequest.verify(CertificateRequest.parse(der), policy))
        .isInstanceOfAny(MalformedException.class, RefusedRequestException.class);
  }

  @Test
  @DisplayName("A request whose point is beside the curve gets nowhere")
  void refuses_a_point_off_the_curve() throws Exception {
    KeyPair keys = fresh();
    byte[] der = CertificateRequest.create(keys).der();
    byte[] spki = keys.getPublic().getEncoded();
    int at = indexOf(der, spki) + spki.length - 1;
    der[at] ^= 1;

    assertThatThrownBy(() -> VerifiedRequest.verify(CertificateRequest.parse(der), policy))
        .isInstanceOfAny(MalformedException.class, RefusedRequestException.class);
  }

  @ParameterizedTest
  @DisplayName("B16: a device that enrols with a published key is refused, and told which")
  @CsvSource({
    "P-256, E6CB5BDD80AA45AE9C95E8C15476679FFEC953C16851E711E743939589C64FC1, RFC 9500 testECCP256",
    "P-256, C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721, RFC 6979 A.2.5",
    "P-256, 9129F4C0A81A08C26921F8134384E8710DF5558E87B46EBF72494AE8CF21C506, pairing.json",
    "P-256, 7FF03CABA402A06A050D24DA0CCB7BDEF27C51C830E3E22F05AC1A1817E73B24, pairing.json",
    "P-256, 01, private scalar 1 on P-256",
    "P-384, 40, private scalar 64 on P-384"
  })
  void refuses_published_keys(String curve, String scalarHex, String label) throws Exception {
    CertificateRequest request = parsed(CertificateRequest.create(known(curve, scalarHex)).der());

    RefusedRequestException refused =
        catchThrowableOfType(
            RefusedRequestException.class, () -> VerifiedRequest.verify(request, policy));

    assertThat(request.hasProofOfPossession()).isTrue();
    assertThat(refused.reason()).isEqualTo(Reason.KNOWN_KEY);
    assertThat(refused).hasMessageContaining(label);
  }

  @Test
  @DisplayName("B16: Californium's published demo client key is refused")
  void refuses_the_californium_demo_key() {
    KnownKeys known = KnownKeys.load();

    // demo-certs of Californium 3.x, keyStore.jks, alias client: SHA-256 of the public key
    assertThat(
            known.publishedAt(
                Sha256.parseHex(
                    "39d6d0e56b5fc8b9f02ecc3b4549c181f0c3e50a941ffb06ab5fc19f42492cac")))
        .hasValueSatisfying(label -> assertThat(label).contains("Californium"));
    assertThat(known.size()).isGreaterThan(300);
  }

  @Test
  @DisplayName("Only the verifier makes a verified request")
  void is_a_proof_type() {
    assertThat(Modifier.isFinal(VerifiedRequest.class.getModifiers())).isTrue();
    assertThat(VerifiedRequest.class.getConstructors()).isEmpty();
    assertThat(Arrays.stream(VerifiedRequest.class.getDeclaredConstructors()))
        .noneMatch(constructor -> Modifier.isProtected(constructor.getModifiers()));
  }

  private Reason refusal(CertificateRequest request) {
    RefusedRequestException refused =
        catchThrowableOfType(
            RefusedRequestException.class, () -> VerifiedRequest.verify(request, policy));
    assertThat(refused).isNotNull();
    return refused.reason();
  }

  private static KeyPair fresh() {
    SigningKey key = SigningKey.generate(KeyKind.P256, RANDOM);
    return new KeyPair(key.publicKey(), key.privateKey());
  }

  private static CertificateRequest parsed(byte[] der) throws MalformedException {
    return CertificateRequest.parse(der);
  }

  private static byte[] signed(KeyPair keys) throws Exception {
    return new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), keys.getPublic())
        .build(
            new JcaContentSignerBuilder("SHA256withECDSA").setProvider(BC).build(keys.getPrivate()))
        .getEncoded();
  }

  /** The key pair of a private scalar, as whoever reads the publication would make it. */
  private static KeyPair known(String curve, String scalarHex) throws Exception {
    var parameters = ECNamedCurveTable.getParameterSpec(curve);
    var scalar = new BigInteger(1, HexFormat.of().parseHex(scalarHex));
    var point = parameters.getG().multiply(scalar).normalize();
    KeyFactory bc = KeyFactory.getInstance("EC", BC);
    var privateKey = bc.generatePrivate(new ECPrivateKeySpec(scalar, parameters));
    var publicKey = bc.generatePublic(new ECPublicKeySpec(point, parameters));
    KeyFactory platform = KeyFactory.getInstance("EC");
    return new KeyPair(
        (PublicKey) platform.translateKey(publicKey),
        (PrivateKey) platform.translateKey(privateKey));
  }

  private static int indexOf(byte[] whole, byte[] part) {
    for (int i = 0; i + part.length <= whole.length; i++) {
      if (Arrays.equals(whole, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("not found");
  }
}
