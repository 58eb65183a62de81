// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.pairing;

import dev.countersign.protocol.pairing.HubId;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A maker with a root and an authority for hubs, which may have ended long ago. */
public final class TestMaker {
  static final Instant ISSUED = Instant.parse("2026-11-21T00:00:00Z");
  static final Instant WITHOUT_END = Instant.parse("9999-12-31T23:59:59Z");
  private static final String DOMAIN = ".hub.countersign.invalid";

  private final KeyPair rootKey = key();
  private final KeyPair authorityKey = key();
  private final X509Certificate root;
  private final X509Certificate authority;

  public TestMaker(String name) {
    // The authority ends a second after it issued: a hub is judged as it was then.
    root = authority(name + " root", rootKey, name + " root", rootKey, WITHOUT_END);
    authority =
        authority(name + " hubs", authorityKey, name + " root", rootKey, ISSUED.plusSeconds(1));
  }

  /** A hub's key and chain: leaf, authority, root. */
  public record Identity(HubId id, KeyPair key, List<X509Certificate> chain) {}

  public X509Certificate root() {
    return root;
  }

  public Identity hub() {
    return hub(HubId.random(new SecureRandom()), key());
  }

  public Identity hub(HubId id, KeyPair key) {
    return identity(id, key, KeyPurposeId.id_kp_serverAuth);
  }

  /** With another use than a hub's. */
  Identity identity(HubId id, KeyPair key, KeyPurposeId use) {
    X509Certificate leaf = leaf(id + DOMAIN, key.getPublic(), use);
    return new Identity(id, key, List.of(leaf, authority, root));
  }

  private X509Certificate leaf(String name, PublicKey key, KeyPurposeId use) {
    try {
      JcaX509v3CertificateBuilder draft =
          builder(authority.getSubjectX500Principal().getName(), "CN=hub", key, WITHOUT_END);
      draft.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      draft.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(use));
      draft.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
      return sign(draft, authorityKey);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** An authority that signed itself or was signed by another, as for phones too. */
  static X509Certificate authority(
      String name, KeyPair key, String issuer, KeyPair issuerKey, Instant end) {
    try {
      JcaX509v3CertificateBuilder draft =
          builder("CN=" + issuer, "CN=" + name, key.getPublic(), end);
      draft.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      draft.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return sign(draft, issuerKey);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** A phone's certificate. */
  static X509Certificate phone(PublicKey key, X509Certificate authority, KeyPair authorityKey) {
    try {
      JcaX509v3CertificateBuilder draft =
          builder(authority.getSubjectX500Principal().getName(), "CN=phone", key, WITHOUT_END);
      draft.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      draft.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
      return sign(draft, authorityKey);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static JcaX509v3CertificateBuilder builder(
      String issuer, String subject, PublicKey key, Instant end) {
    return new JcaX509v3CertificateBuilder(
        new X500Name(issuer),
        new BigInteger(64, new SecureRandom()).add(BigInteger.ONE),
        Date.from(ISSUED),
        Date.from(end),
        new X500Name(subject),
        key);
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder draft, KeyPair key)
      throws Exception {
    return new JcaX509CertificateConverter()
        .getCertificate(
            draft.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
  }

  /** P-256. */
  public static KeyPair key() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
