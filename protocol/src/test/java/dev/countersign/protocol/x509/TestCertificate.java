// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.x509;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate with its key, made with BouncyCastle, right or wrong as a test needs it.
 *
 * @param keys its key
 * @param certificate the certificate
 */
record TestCertificate(KeyPair keys, X509Certificate certificate) {
  static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  static final Instant END = Instant.parse("2027-01-01T00:00:00Z");

  private static final AtomicLong SERIAL = new AtomicLong(1);

  static Recipe authority(String name) {
    return new Recipe("CN=" + name)
        .with(Extension.basicConstraints, true, new BasicConstraints(true))
        .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
  }

  static Recipe device(String serial) {
    return leaf("SERIALNUMBER=" + serial, KeyPurposeId.id_kp_clientAuth)
        .names(new GeneralName(GeneralName.uniformResourceIdentifier, "urn:dev:os:1-" + serial));
  }

  static Recipe server(GeneralName... names) {
    return leaf("O=Maker", KeyPurposeId.id_kp_serverAuth).names(names);
  }

  static Recipe leaf(String subject, KeyPurposeId use) {
    return new Recipe(subject)
        .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
        .with(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(use));
  }

  static GeneralName dns(String name) {
    return new GeneralName(GeneralName.dNSName, name);
  }

  static GeneralName ip(String address) {
    return new GeneralName(GeneralName.iPAddress, address);
  }

  static KeyPair ecKeys(String curve) {
    return keys("EC", new ECGenParameterSpec(curve), 0);
  }

  static KeyPair rsaKeys(int bits) {
    return keys("RSA", null, bits);
  }

  private static KeyPair keys(
      String algorithm, @org.jspecify.annotations.Nullable ECGenParameterSpec curve, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (curve != null) {
        generator.initialize(curve);
      } else {
        generator.initialize(bits);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** What goes into a certificate. */
  static final class Recipe {
    private record Content(boolean critical, ASN1Encodable value) {}

    private final String subject;
    private final Map<ASN1ObjectIdentifier, Content> extensions = new LinkedHashMap<>();
    private KeyPair keys = ecKeys("secp256r1");
    private Instant begin = BEGIN;
    private Instant end = END;
    private BigInteger serial = BigInteger.valueOf(SERIAL.getAndIncrement());
    private String hash = "SHA256";

    Recipe(String subject) {
      this.subject = subject;
    }

    Recipe with(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
      extensions.put(oid, new Content(critical, value));
      return this;
    }

    Recipe without(ASN1ObjectIdentifier oid) {
      extensions.remove(oid);
      return this;
    }

    Recipe names(GeneralName... names) {
      return with(Extension.subjectAlternativeName, false, new GeneralNames(names));
    }

    Recipe pathLength(int limit) {
      return with(Extension.basicConstraints, true, new BasicConstraints(limit));
    }

    Recipe permitting(GeneralName... names) {
      return with(Extension.nameConstraints, true, new NameConstraints(subtrees(names), null));
    }

    Recipe excluding(GeneralName... names) {
      return with(Extension.nameConstraints, true, new NameConstraints(null, subtrees(names)));
    }

    private static GeneralSubtree[] subtrees(GeneralName... names) {
      var subtrees = new GeneralSubtree[names.length];
      for (int i = 0; i < names.length; i++) {
        subtrees[i] = new GeneralSubtree(names[i]);
      }
      return subtrees;
    }

    Recipe keys(KeyPair keys) {
      this.keys = keys;
      return this;
    }

    Recipe from(String begin) {
      this.begin = Instant.parse(begin);
      return this;
    }

    Recipe until(String end) {
      this.end = Instant.parse(end);
      return this;
    }

    Recipe serialNumber(BigInteger serial) {
      this.serial = serial;
      return this;
    }

    Recipe hash(String hash) {
      this.hash = hash;
      return this;
    }

    TestCertificate selfSigned() {
      return signed(new X500Name(subject), keys);
    }

    TestCertificate issuedBy(TestCertificate issuer) {
      return signed(
          X500Name.getInstance(issuer.certificate.getSubjectX500Principal().getEncoded()),
          issuer.keys);
    }

    /** Names an issuer, but is signed by whoever holds these keys. */
    TestCertificate issuedBy(TestCertificate issuer, KeyPair signer) {
      return signed(
          X500Name.getInstance(issuer.certificate.getSubjectX500Principal().getEncoded()), signer);
    }

    private TestCertificate signed(X500Name issuer, KeyPair signer) {
      var builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              serial,
              Date.from(begin),
              Date.from(end),
              new X500Name(subject),
              keys.getPublic());
      try {
        for (var extension : extensions.entrySet()) {
          Content content = extension.getValue();
          builder.addExtension(extension.getKey(), content.critical, content.value);
        }
        String family = signer.getPublic().getAlgorithm().equals("RSA") ? "RSA" : "ECDSA";
        return new TestCertificate(
            keys,
            new JcaX509CertificateConverter()
                .getCertificate(
                    builder.build(
                        new JcaContentSignerBuilder(hash + "with" + family)
                            .build(signer.getPrivate()))));
      } catch (CertIOException | GeneralSecurityException | OperatorCreationException e) {
        throw new AssertionError(e);
      }
    }
  }
}
