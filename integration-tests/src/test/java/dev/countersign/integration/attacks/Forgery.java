// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.integration.TestDevice;
import dev.countersign.integration.TestServer;
import dev.countersign.integration.TlsIdentity;
import dev.countersign.pki.AuthorityProfile;
import dev.countersign.pki.CertificateAuthority;
import dev.countersign.pki.DeviceName;
import dev.countersign.pki.DeviceValidity;
import dev.countersign.pki.KeyPolicy;
import dev.countersign.pki.VerifiedRequest;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** What an attacker can make: everything but a signature of a key that is not theirs. */
final class Forgery {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Forgery() {}

  /** A device's certificate, right in every field, below a root of the attacker's. */
  static TlsIdentity ofAnotherAuthority(String serial, Instant now) throws Exception {
    CertificateAuthority root =
        CertificateAuthority.createRoot(
            "Countersign root", "Maker", SigningKey.generate(KeyKind.P384, RANDOM), now, RANDOM);
    SigningKey key = SigningKey.generate(KeyKind.P256, RANDOM);
    X509Certificate issuer =
        root.issueAuthority(
            new AuthorityProfile.DeviceAuthority(), key.publicKey(), "Device CA", now);
    return issued(new CertificateAuthority(issuer, key, RANDOM), serial, now);
  }

  /** A device's certificate by the real device CA, which nobody entered into the ledger. */
  static TlsIdentity ofStolenAuthority(TestServer server, String serial, Instant now)
      throws Exception {
    var keys = server.directory().keys().resolve("device-ca.key");
    var certificate = server.directory().path().resolve("ca").resolve("device-ca.pem");
    var authority =
        new CertificateAuthority(
            Certificates.parsePem(Files.readString(certificate, US_ASCII)).getFirst(),
            SigningKey.parsePem(Files.readString(keys, US_ASCII)),
            RANDOM);
    return issued(authority, serial, now);
  }

  private static TlsIdentity issued(CertificateAuthority authority, String serial, Instant now)
      throws Exception {
    KeyPair keys = TestDevice.newKeys();
    VerifiedRequest request =
        VerifiedRequest.verify(CertificateRequest.create(keys), KeyPolicy.standard());
    X509Certificate leaf =
        authority.issueDevice(
            request,
            new DeviceName("Maker", DeviceName.EXAMPLE_ENTERPRISE_NUMBER, new DeviceSerial(serial)),
            DeviceValidity.RENEWED,
            now);
    return new TlsIdentity(keys.getPrivate(), leaf);
  }

  /** A certificate that signs itself, with all the names of a genuine one. */
  static TlsIdentity selfSigned(X509Certificate genuine, Instant now) throws Exception {
    KeyPair keys = TestDevice.newKeys();
    var name = X500Name.getInstance(genuine.getSubjectX500Principal().getEncoded());
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.ONE,
            Date.from(now.minus(Duration.ofDays(1))),
            Date.from(now.plus(Duration.ofDays(30))),
            name,
            keys.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    builder.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign));
    builder.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(
            new GeneralName(GeneralName.uniformResourceIdentifier, "urn:dev:os:32473-SN-1")));
    byte[] der =
        builder
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
            .getEncoded();
    return new TlsIdentity(keys.getPrivate(), Certificates.parse(der));
  }

  /** A request that names a serial, signed by its own key. */
  static byte[] csrNaming(String serial, KeyPair keys) throws IOException {
    return csr(serial, keys, keys);
  }

  /** A request for somebody's public key, signed by another. */
  static byte[] csrWithoutProof(String serial, KeyPair wanted) throws IOException {
    return csr(serial, wanted, TestDevice.newKeys());
  }

  private static byte[] csr(String serial, KeyPair wanted, KeyPair signer) throws IOException {
    X500Name subject = new X500NameBuilder().addRDN(BCStyle.CN, serial).build();
    try {
      return new JcaPKCS10CertificationRequestBuilder(subject, wanted.getPublic())
          .build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()))
          .getEncoded();
    } catch (OperatorCreationException e) {
      throw new AssertionError("every Java platform signs with P-256", e);
    }
  }

  /** The key of RFC 6979 A.2.5, which everybody has. */
  static KeyPair publishedKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    var curve = ((ECPublicKey) generator.generateKeyPair().getPublic()).getParams();
    KeyFactory keys = KeyFactory.getInstance("EC");
    var point =
        new java.security.spec.ECPoint(
            new BigInteger("60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6", 16),
            new BigInteger("7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299", 16));
    return new KeyPair(
        keys.generatePublic(new java.security.spec.ECPublicKeySpec(point, curve)),
        keys.generatePrivate(
            new ECPrivateKeySpec(
                new BigInteger(
                    "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721", 16),
                curve)));
  }
}
