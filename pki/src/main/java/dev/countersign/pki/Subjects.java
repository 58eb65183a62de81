// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import java.util.List;
import java.util.UUID;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/** Distinguished names as this issuer writes them: O first, each attribute once. */
final class Subjects {
  /** RFC 5280 appendix A.1: ub-common-name, ub-organization-name, ub-serial-number. */
  static final int MAX_CHARS = 64;

  private Subjects() {}

  static X500Name authority(String organization, String name) {
    return build(
        BCStyle.O,
        requireText("organization", organization),
        BCStyle.CN,
        requireText("name", name));
  }

  static X500Name device(DeviceName name) {
    return build(BCStyle.O, name.organization(), BCStyle.SERIALNUMBER, name.serial().value());
  }

  static X500Name operator(String name) {
    return commonName(name);
  }

  static X500Name phone(String label, UUID number) {
    return build(BCStyle.CN, requireText("label", label), BCStyle.SERIALNUMBER, number.toString());
  }

  static X500Name commonName(String name) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.CN, requireText("name", name))
        .build();
  }

  /**
   * The first DNS name that fits a CN. Never an address: where there is no DNS name, some
   * validators read a CN as one and test it against the constraints.
   */
  static X500Name server(X500Name issuer, List<ServerName> names) {
    var subject = new X500NameBuilder(BCStyle.INSTANCE);
    subject.addRDN(BCStyle.O, organization(issuer));
    names.stream()
        .filter(name -> name instanceof ServerName.Dns && name.text().length() <= MAX_CHARS)
        .findFirst()
        .ifPresent(name -> subject.addRDN(BCStyle.CN, name.text()));
    return subject.build();
  }

  /** The organization an authority's subject names. */
  static String organization(X500Name authority) {
    var found = authority.getRDNs(BCStyle.O);
    if (found.length != 1) {
      throw new IllegalStateException(
          "authority: expected one organization in its subject, got " + found.length);
    }
    return IETFUtils.valueToString(found[0].getFirst().getValue());
  }

  static String requireText(String field, String text) {
    if (text.isBlank()
        || text.length() > MAX_CHARS
        || text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          field + ": expected 1 to " + MAX_CHARS + " printable characters");
    }
    return text;
  }

  private static X500Name build(
      ASN1ObjectIdentifier first, String firstValue, ASN1ObjectIdentifier second, String value) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(first, firstValue)
        .addRDN(second, value)
        .build();
  }
}
