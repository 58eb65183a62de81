// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.countersign.pki.RefusedRequestException.Reason;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Random;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyPolicyTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final BigInteger F4 = BigInteger.valueOf(65_537);

  private final KeyPolicy policy = KeyPolicy.standard();

  @ParameterizedTest
  @EnumSource(KeyKind.class)
  void accepts_a_fresh_key(KeyKind kind) throws Exception {
    PublicKey key = SigningKey.generate(kind, RANDOM).publicKey();

    assertThat(policy.require(key).getEncoded()).isEqualTo(key.getEncoded());
  }

  @ParameterizedTest
  @ValueSource(strings = {"secp224r1", "secp256k1", "secp521r1", "brainpoolP256r1"})
  @DisplayName("Other curves are refused, secp256k1 of the same size too")
  void refuses_other_curves(String curve) throws Exception {
    var generator = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
    generator.initialize(new ECGenParameterSpec(curve), RANDOM);

    assertThat(refusal(generator.generateKeyPair().getPublic())).isEqualTo(Reason.UNSUPPORTED_KEY);
  }

  @Test
  @DisplayName("P-256 with a generator of somebody's choice is another curve (CVE-2020-0601)")
  void refuses_a_chosen_generator() throws Exception {
    ECParameterSpec real = p256();
    ECPublicKey key = (ECPublicKey) SigningKey.generate(KeyKind.P256, RANDOM).publicKey();
    var chosen = new ECParameterSpec(real.getCurve(), key.getW(), real.getOrder(), 1);

    assertThat(refusal(new FakeEcKey(chosen, key.getW()))).isEqualTo(Reason.UNSUPPORTED_KEY);
  }

  @Test
  @DisplayName("A point beside the curve is refused (invalid curve attacks)")
  void refuses_points_off_the_curve() throws Exception {
    ECPoint on = ((ECPublicKey) SigningKey.generate(KeyKind.P256, RANDOM).publicKey()).getW();
    var origin = new ECPoint(BigInteger.ZERO, BigInteger.ZERO);

    assertThat(
            refusal(
                new FakeEcKey(
                    p256(), new ECPoint(on.getAffineX(), on.getAffineY().add(BigInteger.ONE)))))
        .isEqualTo(Reason.WEAK_KEY);
    assertThat(refusal(new FakeEcKey(p256(), ECPoint.POINT_INFINITY))).isEqualTo(Reason.WEAK_KEY);
    assertThat(refusal(new FakeEcKey(p256(), origin))).isEqualTo(Reason.WEAK_KEY);
  }

  @Test
  @DisplayName("Coordinates of p and above are refused, although they satisfy the equation mod p")
  void refuses_unreduced_coordinates() throws Exception {
    ECPoint on = ((ECPublicKey) SigningKey.generate(KeyKind.P256, RANDOM).publicKey()).getW();
    BigInteger p = ((ECFieldFp) p256().getCurve().getField()).getP();

    assertThat(refusal(new FakeEcKey(p256(), new ECPoint(on.getAffineX().add(p), on.getAffineY()))))
        .isEqualTo(Reason.WEAK_KEY);
  }

  @Test
  void refuses_ed25519() throws Exception {
    PublicKey key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();

    assertThat(refusal(key)).isEqualTo(Reason.UNSUPPORTED_KEY);
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 2047, 4097})
  void refuses_rsa_outside_2048_to_4096_bits(int bits) {
    assertThat(refusal(rsa(randomOdd(bits), F4))).isEqualTo(Reason.UNSUPPORTED_KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "3", "17", "65536", "65538", "36893488147419103233"})
  @DisplayName("RSA exponents that are small, even or above 64 bits are refused")
  void refuses_bad_exponents(String exponent) {
    BigInteger modulus =
        ((RSAPublicKey) SigningKey.generate(KeyKind.RSA_2048, RANDOM).publicKey()).getModulus();

    assertThat(refusal(rsa(modulus, new BigInteger(exponent)))).isEqualTo(Reason.UNSUPPORTED_KEY);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 751, 9973, 31337, 65521})
  void refuses_a_modulus_with_a_small_factor(int factor) {
    BigInteger small = BigInteger.valueOf(factor);
    BigInteger modulus = BigInteger.probablePrime(2049 - small.bitLength() + 2, RANDOM);

    assertThat(refusal(rsa(modulus.multiply(small), F4))).isEqualTo(Reason.WEAK_KEY);
  }

  @Test
  @DisplayName("A prime as modulus, whose private exponent anybody computes, is refused")
  void refuses_a_prime_modulus() {
    assertThat(refusal(rsa(BigInteger.probablePrime(2048, RANDOM), F4))).isEqualTo(Reason.WEAK_KEY);
  }

  @Test
  @DisplayName("Primes close together, and a square, are refused (CVE-2022-26320)")
  void refuses_close_primes() {
    BigInteger p = BigInteger.probablePrime(1024, RANDOM).setBit(1022);
    p = p.nextProbablePrime();
    BigInteger q = p.nextProbablePrime();

    assertThat(refusal(rsa(p.multiply(q), F4))).isEqualTo(Reason.WEAK_KEY);
    assertThat(refusal(rsa(p.multiply(p), F4))).isEqualTo(Reason.WEAK_KEY);
  }

  @Test
  @DisplayName("Primes of the form k·M + 65537^a mod M are refused (ROCA, CVE-2017-15361)")
  void refuses_the_roca_pattern() {
    var seeded = new Random(20171016);
    BigInteger modulus = rocaPrime(seeded).multiply(rocaPrime(seeded));

    assertThatThrownBy(() -> policy.require(rsa(modulus, F4)))
        .isInstanceOf(RefusedRequestException.class)
        .hasMessageContaining("CVE-2017-15361");
  }

  @Test
  @DisplayName("B16: the RSA key of RFC 7515 A.2 is refused as published")
  void refuses_a_published_rsa_key() {
    String modulus =
        "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt"
            + "0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpa"
            + "SHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9k"
            + "G4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";

    assertThat(refusal(rsa(new BigInteger(1, Base64.getUrlDecoder().decode(modulus)), F4)))
        .isEqualTo(Reason.KNOWN_KEY);
  }

  @Test
  @DisplayName("One key has one hash: RSA without the NULL parameters comes out with them")
  void canonicalizes_the_encoding() throws Exception {
    PublicKey key = SigningKey.generate(KeyKind.RSA_2048, RANDOM).publicKey();
    byte[] bits = SubjectPublicKeyInfo.getInstance(key.getEncoded()).getPublicKeyData().getOctets();
    byte[] other =
        new SubjectPublicKeyInfo(new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption), bits)
            .getEncoded();
    PublicKey presented =
        KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(other));

    assertThat(policy.require(presented).getEncoded()).isEqualTo(key.getEncoded());
  }

  private Reason refusal(PublicKey key) {
    RefusedRequestException refused =
        catchThrowableOfType(RefusedRequestException.class, () -> policy.require(key));
    assertThat(refused).as("accepted: " + key).isNotNull();
    return refused.reason();
  }

  private static RSAPublicKey rsa(BigInteger modulus, BigInteger exponent) {
    return new FakeRsaKey(new RSAPublicKeySpec(modulus, exponent));
  }

  private static BigInteger randomOdd(int bits) {
    return new BigInteger(bits, RANDOM).setBit(bits - 1).setBit(0);
  }

  private static BigInteger rocaPrime(Random random) {
    // Nemec et al., CCS 2017, §2.1: for 2048-bit keys M is the product of the first 126 primes.
    BigInteger m = BigInteger.ONE;
    BigInteger prime = BigInteger.TWO;
    for (int i = 0; i < 126; i++) {
      m = m.multiply(prime);
      prime = prime.nextProbablePrime();
    }
    while (true) {
      BigInteger power = F4.modPow(new BigInteger(256, random), m);
      BigInteger k = new BigInteger(1024 - m.bitLength(), random).setBit(1023 - m.bitLength());
      BigInteger candidate = k.multiply(m).add(power);
      if (candidate.bitLength() == 1024 && candidate.isProbablePrime(40)) {
        return candidate;
      }
    }
  }

  private static ECParameterSpec p256() throws Exception {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    return parameters.getParameterSpec(ECParameterSpec.class);
  }

  /** A key no decoder of this platform would let through. */
  private static final class FakeEcKey implements ECPublicKey {
    private static final long serialVersionUID = 1L;
    private final transient ECParameterSpec parameters;
    private final transient ECPoint point;

    FakeEcKey(ECParameterSpec parameters, ECPoint point) {
      this.parameters = parameters;
      this.point = point;
    }

    @Override
    public ECPoint getW() {
      return point;
    }

    @Override
    public ECParameterSpec getParams() {
      return parameters;
    }

    @Override
    public String getAlgorithm() {
      return "EC";
    }

    @Override
    public String getFormat() {
      return "X.509";
    }

    @Override
    public byte[] getEncoded() {
      return new byte[0];
    }
  }

  /** An RSA key with any numbers. */
  private static final class FakeRsaKey implements RSAPublicKey {
    private static final long serialVersionUID = 1L;
    private final transient RSAPublicKeySpec numbers;

    FakeRsaKey(RSAPublicKeySpec numbers) {
      this.numbers = numbers;
    }

    @Override
    public BigInteger getModulus() {
      return numbers.getModulus();
    }

    @Override
    public BigInteger getPublicExponent() {
      return numbers.getPublicExponent();
    }

    @Override
    public String getAlgorithm() {
      return "RSA";
    }

    @Override
    public String getFormat() {
      return "X.509";
    }

    @Override
    public byte[] getEncoded() {
      return new byte[0];
    }
  }
}
