// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.x509.Certificates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;

/**
 * A certificate before its signature: the one place where the fields of RFC 5280 §4.1 and §4.2 are
 * put together.
 */
record CertificateDraft(
    CertificateProfile profile,
    X500Name subject,
    PublicKey publicKey,
    Instant notBefore,
    Instant notAfter,
    List<GeneralName> alternativeNames,
    Optional<NameRules> nameRules) {

  /** CA/B baseline requirements 7.1 ask for 64; 127 fill the 16 octets of a positive number. */
  private static final int SERIAL_NUMBER_BITS = 127;

  /** RFC 7093 §2, method 1: the leftmost 160 bits of SHA-256, so that SHA-1 is nowhere. */
  private static final int KEY_IDENTIFIER_BYTES = 20;

  CertificateDraft(
      CertificateProfile profile,
      X500Name subject,
      PublicKey publicKey,
      Instant notBefore,
      Instant notAfter) {
    this(profile, subject, publicKey, notBefore, notAfter, List.of(), Optional.empty());
  }

  CertificateDraft withAlternativeNames(List<GeneralName> names) {
    return new CertificateDraft(profile, subject, publicKey, notBefore, notAfter, names, nameRules);
  }

  CertificateDraft withNameRules(NameRules rules) {
    return new CertificateDraft(
        profile, subject, publicKey, notBefore, notAfter, alternativeNames, Optional.of(rules));
  }

  CertificateDraft endingAt(Instant end) {
    return new CertificateDraft(
        profile, subject, publicKey, notBefore, end, alternativeNames, nameRules);
  }

  X509Certificate selfSign(SigningKey key, SecureRandom random) {
    return sign(subject, Optional.empty(), key, random);
  }

  X509Certificate sign(X509Certificate issuer, SigningKey key, SecureRandom random) {
    return sign(
        X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded()),
        Optional.of(authorityKeyIdentifier(issuer)),
        key,
        random);
  }

  private X509Certificate sign(
      X500Name issuer,
      Optional<AuthorityKeyIdentifier> issuerKey,
      SigningKey key,
      SecureRandom random) {
    SubjectPublicKeyInfo spki = SubjectPublicKeyInfo.getInstance(publicKey.getEncoded());
    // Time chooses UTCTime until 2049 and GeneralizedTime after it (RFC 5280 §4.1.2.5).
    var builder =
        new X509v3CertificateBuilder(
            issuer,
            serialNumber(random),
            new Time(Date.from(notBefore)),
            new Time(Date.from(notAfter)),
            subject,
            spki);
    try {
      addExtensions(builder, spki, issuerKey);
      return Certificates.parse(builder.build(new Signer(key, random)).getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedException e) {
      throw new AssertionError("an issued certificate can be parsed", e);
    }
  }

  private void addExtensions(
      X509v3CertificateBuilder builder,
      SubjectPublicKeyInfo spki,
      Optional<AuthorityKeyIdentifier> issuerKey)
      throws IOException {
    if (issuerKey.isPresent()) {
      builder.addExtension(Extension.authorityKeyIdentifier, false, issuerKey.get());
    }
    builder.addExtension(
        Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyIdentifier(spki)));
    if (profile.pathLength().isPresent()) {
      builder.addExtension(
          Extension.basicConstraints, true, new BasicConstraints(profile.pathLength().getAsInt()));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    } else {
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    }
    if (profile.purpose().oid().isPresent()) {
      var purpose = new ASN1ObjectIdentifier(profile.purpose().oid().get());
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(KeyPurposeId.getInstance(purpose)));
    }
    if (!alternativeNames.isEmpty()) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(alternativeNames.toArray(GeneralName[]::new)));
    }
    if (nameRules.isPresent()) {
      builder.addExtension(Extension.nameConstraints, true, nameRules.get().toAsn1());
    }
  }

  /** RFC 5280 §4.1.2.2: positive, never zero, at most 20 octets. */
  private static BigInteger serialNumber(SecureRandom random) {
    BigInteger number;
    do {
      number = new BigInteger(SERIAL_NUMBER_BITS, random);
    } while (number.signum() == 0);
    return number;
  }

  private static byte[] keyIdentifier(SubjectPublicKeyInfo spki) {
    byte[] digest = Sha256.of(spki.getPublicKeyData().getBytes()).bytes();
    return Arrays.copyOf(digest, KEY_IDENTIFIER_BYTES);
  }

  /** The identifier as the issuer's own certificate has it (RFC 5280 §4.2.1.1). */
  private static AuthorityKeyIdentifier authorityKeyIdentifier(X509Certificate issuer) {
    byte[] extension = issuer.getExtensionValue(Extension.subjectKeyIdentifier.getId());
    if (extension == null) {
      throw new IllegalStateException(
          "authority: expected a subject key identifier in its certificate");
    }
    return new AuthorityKeyIdentifier(
        SubjectKeyIdentifier.getInstance(ASN1OctetString.getInstance(extension).getOctets())
            .getKeyIdentifier());
  }

  /** Bouncy Castle's builder hands over the bytes; the platform's provider signs them. */
  private static final class Signer implements ContentSigner {
    private final SigningKey key;
    private final SecureRandom random;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    Signer(SigningKey key, SecureRandom random) {
      this.key = key;
      this.random = random;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return new DefaultSignatureAlgorithmIdentifierFinder().find(key.signatureAlgorithm());
    }

    @Override
    public OutputStream getOutputStream() {
      return content;
    }

    @Override
    public byte[] getSignature() {
      return key.sign(content.toByteArray(), random);
    }
  }
}
