// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** A self-signed authority that certifies whatever a test needs, without any rule. */
final class TestAuthority {
  final KeyPair keys = newKeys();
  final X509Certificate certificate;
  private final String name;
  private final Instant now;

  TestAuthority(String name, Instant now) throws Exception {
    this.name = name;
    this.now = now;
    this.certificate = certify(name, keys.getPublic(), Duration.ofDays(3650), true, null);
  }

  static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  X509Certificate server(PublicKey key, String host, Duration validity) throws Exception {
    return certify(host, key, validity, false, KeyPurposeId.id_kp_serverAuth);
  }

  X509Certificate operator(PublicKey key, String who, Duration validity) throws Exception {
    return certify(who, key, validity, false, KeyPurposeId.id_kp_clientAuth);
  }

  private X509Certificate certify(
      String subject,
      PublicKey key,
      Duration validity,
      boolean authority,
      @Nullable KeyPurposeId purpose)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    Instant begin = now.minus(Duration.ofDays(400));
    var builder =
        new JcaX509v3CertificateBuilder(
            new X500Name("CN=" + name),
            new BigInteger(64, new SecureRandom()),
            Date.from(begin),
            Date.from(now.plus(validity)),
            new X500Name("CN=" + subject),
            key);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    if (purpose != null) {
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, subject)));
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
  }

  /** A server's TLS, with a certificate of this authority, for clients of another. */
  SSLContext serverTls(String host, TestAuthority clients) throws Exception {
    KeyPair serverKeys = newKeys();
    char[] none = {};
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, none);
    own.setKeyEntry(
        "server",
        serverKeys.getPrivate(),
        none,
        new Certificate[] {server(serverKeys.getPublic(), host, Duration.ofDays(30)), certificate});
    KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
    keyManagers.init(own, none);
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, none);
    anchors.setCertificateEntry("clients", clients.certificate);
    TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
    trustManagers.init(anchors);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
    return context;
  }
}
