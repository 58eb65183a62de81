// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.conformance;

import dev.countersign.integration.TestDevice;
import dev.countersign.integration.TlsIdentity;
import dev.countersign.protocol.x509.Certificates;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates for this server's name, by whoever can sign something. */
final class ServerForgery {
  private ServerForgery() {}

  /**
   * A certificate for localhost.
   *
   * @param selfSigned by its own new key, else by the signer's as its issuer
   */
  static TlsIdentity signedBy(PrivateKey signer, X509Certificate issuer, boolean selfSigned)
      throws Exception {
    KeyPair keys = TestDevice.newKeys();
    Instant begin = issuer.getNotBefore().toInstant();
    var subject = new X500Name("CN=localhost");
    var issuerName =
        selfSigned ? subject : X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded());
    var builder =
        new JcaX509v3CertificateBuilder(
            issuerName,
            BigInteger.TWO,
            Date.from(begin),
            Date.from(begin.plus(Duration.ofDays(30))),
            subject,
            keys.getPublic());
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost")));
    PrivateKey by = selfSigned ? keys.getPrivate() : signer;
    byte[] der =
        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(by)).getEncoded();
    return new TlsIdentity(keys.getPrivate(), Certificates.parse(der));
  }
}
