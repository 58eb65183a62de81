// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.x509;

import dev.countersign.protocol.x509.ChainRefusedException.Reason;
import java.util.List;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraintValidatorException;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PKIXNameConstraintValidator;

/**
 * Name constraints (RFC 5280 §4.2.1.10, §6.1.3 (b) and (c), §6.1.4 (g)), of the anchor too: the
 * platform's validator takes no constraints from an anchor. A second opinion on all the others, by
 * another implementation than the platform's.
 */
final class NameConstraintRules {
  private NameConstraintRules() {}

  /**
   * @param downwards the anchor first, the leaf last
   */
  static void check(List<Certificate> downwards) throws ChainRefusedException {
    var validator = new PKIXNameConstraintValidator();
    for (int i = 0; i < downwards.size(); i++) {
      Certificate certificate = downwards.get(i);
      boolean isLeaf = i == downwards.size() - 1;
      // §6.1.3 (b): self-issued certificates are exempt, but not as the leaf. Nor is the anchor
      // subject to itself.
      if (i > 0 && (isLeaf || !isSelfIssued(certificate))) {
        requireNamesWithin(validator, certificate);
      }
      if (!isLeaf) {
        add(validator, certificate);
      }
    }
  }

  static boolean isSelfIssued(Certificate certificate) {
    return certificate.getSubject().equals(certificate.getIssuer());
  }

  private static void requireNamesWithin(
      PKIXNameConstraintValidator validator, Certificate certificate) throws ChainRefusedException {
    try {
      if (certificate.getSubject().getRDNs().length > 0) {
        validator.checkPermittedDN(certificate.getSubject());
        validator.checkExcludedDN(certificate.getSubject());
      }
      for (GeneralName name : alternativeNames(certificate)) {
        validator.checkPermitted(name);
        validator.checkExcluded(name);
      }
    } catch (NameConstraintValidatorException e) {
      throw new ChainRefusedException(
          Reason.CONSTRAINT, certificate.getSubject() + " has a name outside its issuer's", e);
    }
  }

  static GeneralName[] alternativeNames(Certificate certificate) {
    Extensions extensions = certificate.getTBSCertificate().getExtensions();
    GeneralNames names =
        extensions == null
            ? null
            : GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
    return names == null ? new GeneralName[0] : names.getNames();
  }

  private static void add(PKIXNameConstraintValidator validator, Certificate issuer)
      throws ChainRefusedException {
    Extensions extensions = issuer.getTBSCertificate().getExtensions();
    var constraints =
        extensions == null
            ? null
            : NameConstraints.getInstance(
                extensions.getExtensionParsedValue(Extension.nameConstraints));
    if (constraints == null) {
      return;
    }
    GeneralSubtree[] permitted = constraints.getPermittedSubtrees();
    GeneralSubtree[] excluded = constraints.getExcludedSubtrees();
    if (isEmpty(permitted) && isEmpty(excluded)) {
      throw refused(issuer, "has empty name constraints");
    }
    if (permitted != null) {
      requireWellFormed(permitted, issuer);
      validator.intersectPermittedSubtree(permitted);
    }
    if (excluded != null) {
      requireWellFormed(excluded, issuer);
      for (GeneralSubtree subtree : excluded) {
        validator.addExcludedSubtree(subtree);
      }
    }
  }

  /** A constraint that is not understood may not be passed over (§6.1.3 (b)). */
  private static void requireWellFormed(GeneralSubtree[] subtrees, Certificate issuer)
      throws ChainRefusedException {
    for (GeneralSubtree subtree : subtrees) {
      // §4.2.1.10: minimum is zero and maximum absent.
      if (subtree.getMinimum().signum() != 0
          || subtree.getMaximum() != null
          || !NameSyntax.isWellFormedConstraint(subtree.getBase())) {
        throw refused(issuer, "has a name constraint that is malformed or not understood");
      }
    }
  }

  private static boolean isEmpty(GeneralSubtree[] subtrees) {
    return subtrees == null || subtrees.length == 0;
  }

  private static ChainRefusedException refused(Certificate issuer, String problem) {
    return new ChainRefusedException(Reason.CONSTRAINT, issuer.getSubject() + " " + problem);
  }
}
