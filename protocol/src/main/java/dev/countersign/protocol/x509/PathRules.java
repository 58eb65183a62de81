// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.x509;

import dev.countersign.protocol.x509.ChainRefusedException.Reason;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * What the platform's validator leaves open on a path: the profile of RFC 5280 §4, and the anchor,
 * whose extensions the platform does not look at. Every extension that is used here is decoded
 * strictly; the platform passes over a malformed one that is not critical.
 */
final class PathRules {
  /** RFC 5280 §4.1.2.2. */
  private static final int MAX_SERIAL_OCTETS = 20;

  /** §4.2.1.9, §4.2.1.10, §4.2.1.11 and §4.2.1.14: an authority marks these as critical. */
  private static final List<ASN1ObjectIdentifier> CRITICAL =
      List.of(
          Extension.basicConstraints,
          Extension.nameConstraints,
          Extension.policyConstraints,
          Extension.inhibitAnyPolicy);

  private PathRules() {}

  /**
   * @param path the leaf first, without the anchor; already valid by the platform's rules
   */
  static void check(List<X509Certificate> path, X509Certificate anchor, Purpose purpose)
      throws ChainRefusedException {
    KeyStrength.check(path, anchor);
    try {
      var downwards = new ArrayList<Certificate>();
      downwards.add(parsed(anchor));
      for (int i = path.size() - 1; i >= 0; i--) {
        downwards.add(parsed(path.get(i)));
      }
      for (Certificate certificate : downwards.subList(1, downwards.size())) {
        requireWellFormed(certificate);
      }
      for (Certificate issuer : downwards.subList(0, downwards.size() - 1)) {
        requireAuthority(issuer, purpose);
      }
      requireEndEntity(downwards.get(downwards.size() - 1));
      requirePathLength(downwards);
      NameConstraintRules.check(downwards);
    } catch (RuntimeException e) {
      // BouncyCastle reports malformed structures by a dozen unchecked exceptions.
      throw new ChainRefusedException(Reason.MALFORMED, "an extension cannot be decoded", e);
    }
  }

  private static Certificate parsed(X509Certificate certificate) {
    return Certificate.getInstance(Certificates.der(certificate));
  }

  private static void requireWellFormed(Certificate certificate) throws ChainRefusedException {
    var serial = certificate.getSerialNumber().getValue();
    if (serial.signum() <= 0 || serial.toByteArray().length > MAX_SERIAL_OCTETS) {
      throw refused(Reason.MALFORMED, certificate, "serial number is not of 1 to 20 octets");
    }
    for (GeneralName name : NameConstraintRules.alternativeNames(certificate)) {
      if (!NameSyntax.isWellFormed(name)) {
        throw refused(Reason.MALFORMED, certificate, "a subject alternative name is malformed");
      }
    }
  }

  private static void requireAuthority(Certificate issuer, Purpose purpose)
      throws ChainRefusedException {
    Extensions extensions = issuer.getTBSCertificate().getExtensions();
    var basic = extensions == null ? null : BasicConstraints.fromExtensions(extensions);
    if (extensions == null || basic == null || !basic.isCA()) {
      throw refused(Reason.CONSTRAINT, issuer, "is not an authority");
    }
    for (ASN1ObjectIdentifier oid : CRITICAL) {
      Extension extension = extensions.getExtension(oid);
      if (extension != null && !extension.isCritical()) {
        throw refused(Reason.CONSTRAINT, issuer, "does not mark " + oid + " as critical");
      }
    }
    KeyUsage usage = KeyUsage.fromExtensions(extensions);
    if (usage != null && !usage.hasUsages(KeyUsage.keyCertSign)) {
      throw refused(Reason.CONSTRAINT, issuer, "may not sign certificates");
    }
    // Not in RFC 5280, but as browsers do: an authority for clients makes no servers.
    ExtendedKeyUsage uses = ExtendedKeyUsage.fromExtensions(extensions);
    if (uses != null
        && !uses.hasKeyPurposeId(KeyPurposeId.anyExtendedKeyUsage)
        && !uses.hasKeyPurposeId(purposeId(purpose))) {
      throw refused(Reason.WRONG_PURPOSE, issuer, "may not issue for this use");
    }
  }

  private static KeyPurposeId purposeId(Purpose purpose) {
    return purpose instanceof Purpose.TlsServer
        ? KeyPurposeId.id_kp_serverAuth
        : KeyPurposeId.id_kp_clientAuth;
  }

  private static void requireEndEntity(Certificate leaf) throws ChainRefusedException {
    Extensions extensions = leaf.getTBSCertificate().getExtensions();
    if (extensions == null) {
      throw refused(Reason.WRONG_PURPOSE, leaf, "has no extensions");
    }
    KeyUsage usage = KeyUsage.fromExtensions(extensions);
    // §4.2.1.9: without cA there is no keyCertSign.
    if (usage != null && usage.hasUsages(KeyUsage.keyCertSign)) {
      throw refused(Reason.WRONG_PURPOSE, leaf, "claims to sign certificates");
    }
    // §4.2.1.10: for authorities only.
    if (extensions.getExtension(Extension.nameConstraints) != null) {
      throw refused(Reason.MALFORMED, leaf, "has name constraints");
    }
    // Decoded for their form alone; EndEntityRules judges them as the platform reads them.
    ExtendedKeyUsage.fromExtensions(extensions);
    BasicConstraints.fromExtensions(extensions);
  }

  /** §6.1.4 (l) and (m), from the anchor on; self-issued certificates do not count. */
  private static void requirePathLength(List<Certificate> downwards) throws ChainRefusedException {
    int left = Integer.MAX_VALUE;
    for (int i = 0; i < downwards.size() - 1; i++) {
      Certificate issuer = downwards.get(i);
      if (i > 0 && !NameConstraintRules.isSelfIssued(issuer) && left-- == 0) {
        throw refused(Reason.CONSTRAINT, issuer, "is one authority more than its issuer allows");
      }
      var basic = BasicConstraints.fromExtensions(issuer.getTBSCertificate().getExtensions());
      var limit = basic == null ? null : basic.getPathLenConstraintInteger();
      if (limit != null) {
        left = Math.min(left, limit.intValueExact());
      }
    }
  }

  private static ChainRefusedException refused(
      Reason reason, Certificate certificate, String problem) {
    return new ChainRefusedException(reason, certificate.getSubject() + " " + problem);
  }
}
