// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.x509;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Openssl;
import dev.countersign.protocol.Seeds;
import dev.countersign.protocol.Sha256;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Certificate requests (RFC 2986)")
final class CertificateRequestTest {
  @TempDir private Path directory;

  /** A request made by openssl for a new key. */
  private CertificateRequest request(String key, String... more) throws Exception {
    Openssl openssl = Openssl.in(directory);
    String[] algorithm = key.split(" ", -1);
    var arguments = new java.util.ArrayList<>(List.of("req", "-new", "-nodes", "-newkey"));
    arguments.add(algorithm[0]);
    for (int i = 1; i < algorithm.length; i++) {
      arguments.addAll(List.of("-pkeyopt", algorithm[i]));
    }
    arguments.addAll(List.of("-keyout", "key.pem", "-outform", "DER", "-out", "csr.der"));
    arguments.addAll(List.of(more));
    openssl.run(arguments.toArray(String[]::new));
    return CertificateRequest.parse(openssl.read("csr.der"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ec ec_paramgen_curve:P-256",
        "ec ec_paramgen_curve:P-384",
        "rsa:2048",
        "rsa:3072",
        "ed25519"
      })
  @DisplayName("requests by openssl, with the key hash that openssl computes")
  void reads_requests_of_openssl(String key) throws Exception {
    CertificateRequest request = request(key, "-subj", "/CN=SN-1");
    assertThat(request.claimedNames()).containsExactly("SN-1");
    assertThat(request.hasProofOfPossession()).isEqualTo(!key.equals("ed25519"));
    Openssl openssl = Openssl.in(directory);
    openssl.run("pkey", "-in", "key.pem", "-pubout", "-outform", "DER", "-out", "pub.der");
    assertThat(request.keyHash()).isEqualTo(Sha256.of(openssl.read("pub.der")));
  }

  @ParameterizedTest
  @CsvSource({"sha256, true", "sha384, true", "sha512, true", "sha1, false", "sha224, false"})
  @DisplayName("SHA-2 of 256 bits or more proves possession")
  void judges_digests(String digest, boolean proves) throws Exception {
    assertThat(request("rsa:2048", "-subj", "/", "-" + digest).hasProofOfPossession())
        .isEqualTo(proves);
    assertThat(
            request("ec ec_paramgen_curve:P-256", "-subj", "/", "-" + digest)
                .hasProofOfPossession())
        .isEqualTo(proves);
  }

  @Test
  @DisplayName("an empty subject, and attributes that are passed over")
  void reads_empty_subject_and_attributes() throws Exception {
    CertificateRequest request =
        request(
            "ec ec_paramgen_curve:P-256",
            "-subj",
            "/",
            "-addext",
            "subjectAltName=DNS:gateway.example",
            "-addext",
            "basicConstraints=critical,CA:TRUE");
    assertThat(request.claimedNames()).isEmpty();
    assertThat(request.hasProofOfPossession()).isTrue();
  }

  @Test
  @DisplayName("names in CN and serialNumber, also both")
  void reads_claimed_names() throws Exception {
    assertThat(
            request("ec ec_paramgen_curve:P-256", "-subj", "/serialNumber=SN-1/CN=SN-2")
                .claimedNames())
        .containsExactly("SN-1", "SN-2");
    assertThat(
            request(
                    "ec ec_paramgen_curve:P-256",
                    "-multivalue-rdn",
                    "-subj",
                    "/CN=A+serialNumber=B")
                .claimedNames())
        .containsExactlyInAnyOrder("A", "B");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/O=Maker", "/CN=SN-1/O=Maker", "/emailAddress=a@b.example", "/C=CH"})
  @DisplayName("any other attribute of a subject is refused")
  void refuses_other_attributes(String subject) throws Exception {
    CertificateRequest request = request("ec ec_paramgen_curve:P-256", "-subj", subject);
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(request::claimedNames)
        .satisfies(e -> assertThat(e.field()).isEqualTo("csr subject"));
  }

  @Test
  @DisplayName("openssl verifies our own requests")
  void openssl_verifies_our_requests() throws Exception {
    for (KeyPair keys :
        List.of(TestCertificate.ecKeys("secp256r1"), TestCertificate.rsaKeys(2048))) {
      CertificateRequest request = CertificateRequest.create(keys);
      assertThat(request.hasProofOfPossession()).isTrue();
      assertThat(CertificateRequest.parse(request.der()).keyHash()).isEqualTo(request.keyHash());
      Openssl openssl = Openssl.in(directory).write("ours.der", request.der());
      assertThat(openssl.run("req", "-inform", "DER", "-in", "ours.der", "-verify", "-noout"))
          .contains("OK");
    }
  }

  @Test
  @DisplayName("a request that was changed, or signed with another key, proves nothing")
  void refuses_bad_proof() throws Exception {
    CertificateRequest mine = CertificateRequest.create(TestCertificate.ecKeys("secp256r1"));
    byte[] changed = mine.der();
    changed[changed.length - 1] ^= 1;
    assertThat(CertificateRequest.parse(changed).hasProofOfPossession()).isFalse();

    KeyPair other = TestCertificate.ecKeys("secp256r1");
    KeyPair mixed =
        new KeyPair(TestCertificate.ecKeys("secp256r1").getPublic(), other.getPrivate());
    assertThat(CertificateRequest.create(mixed).hasProofOfPossession()).isFalse();
  }

  @Test
  @DisplayName("bytes that are no request, or one with more behind it")
  void refuses_other_bytes() {
    byte[] der = new byte[0];
    try {
      der = CertificateRequest.create(TestCertificate.ecKeys("secp256r1")).der();
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
    byte[] nested = new byte[CertificateRequest.MAX_BYTES];
    for (int i = 0; i < nested.length; i += 2) {
      nested[i] = 0x30;
      nested[i + 1] = (byte) 0x80;
    }
    for (byte[] wrong :
        List.of(
            new byte[0],
            new byte[] {0x30, 0},
            new byte[] {5, 0},
            "nonsense".getBytes(US_ASCII),
            Arrays.copyOf(der, der.length - 1),
            Arrays.copyOf(der, der.length + 1),
            new byte[CertificateRequest.MAX_BYTES + 1],
            nested)) {
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> CertificateRequest.parse(wrong));
    }
  }

  /** A request without a valid signature for whatever key and subject. */
  private static byte[] unsigned(ASN1Encodable subject, SubjectPublicKeyInfo key) throws Exception {
    var info =
        new DERSequence(
            new ASN1Encodable[] {
              new ASN1Integer(0), subject, key, new DERTaggedObject(false, 0, new DERSet())
            });
    return new DERSequence(
            new ASN1Encodable[] {
              info,
              new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256),
              new DERBitString(new byte[8])
            })
        .getEncoded("DER");
  }

  @Test
  @DisplayName("a point that is not on its curve (SEC 1 §3.2.2.1)")
  void refuses_point_off_curve() throws Exception {
    byte[] spki = TestCertificate.ecKeys("secp256r1").getPublic().getEncoded();
    spki[spki.length - 1] ^= 1;
    byte[] der = unsigned(new DERSequence(), SubjectPublicKeyInfo.getInstance(spki));
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> CertificateRequest.parse(der));
  }

  @Test
  @DisplayName("one key has one hash, however its request encodes it")
  void hashes_key_not_encoding() throws Exception {
    var key = (RSAPublicKey) TestCertificate.rsaKeys(2048).getPublic();
    var numbers =
        new org.bouncycastle.asn1.pkcs.RSAPublicKey(key.getModulus(), key.getPublicExponent());
    for (AlgorithmIdentifier algorithm :
        List.of(
            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption),
            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, new DERUTF8String("x")))) {
      byte[] der = unsigned(new DERSequence(), new SubjectPublicKeyInfo(algorithm, numbers));
      try {
        assertThat(CertificateRequest.parse(der).keyHash()).isEqualTo(Sha256.of(key.getEncoded()));
      } catch (MalformedException e) {
        // Refusing the odd encoding is as good.
        assertThat(e.field()).isEqualTo("csr");
      }
    }
  }

  @Test
  @DisplayName("a malformed subject fails when it is read, not when a name is asked for")
  void refuses_malformed_subject() throws Exception {
    var key =
        SubjectPublicKeyInfo.getInstance(
            TestCertificate.ecKeys("secp256r1").getPublic().getEncoded());
    for (ASN1Encodable subject :
        List.of(
            new DERSequence(new DERSet(new DERUTF8String("x"))),
            new DERSequence(new DERSet(new DERSequence())),
            new DERSequence(new DERSet(new DERSequence(BCStyle.CN))))) {
      byte[] der = unsigned(subject, key);
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> CertificateRequest.parse(der));
    }
  }

  @Test
  @DisplayName("a name that is not the UTF-8 it claims to be, as a fuzzer found it")
  void refuses_name_that_is_not_utf8() throws Exception {
    byte[] der = Seeds.read("x509/X509FuzzTestInputs/parses_request/ec.der");
    int name = new String(der, ISO_8859_1).indexOf("SN-1");
    der[name] = (byte) 0xff;
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> CertificateRequest.parse(der));
  }
}
