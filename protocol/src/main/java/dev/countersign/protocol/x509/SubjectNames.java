// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.x509;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;

/** What a certificate that nobody has verified says about whom it is for. Never a proof. */
public final class SubjectNames {
  private SubjectNames() {}

  /**
   * The texts of serialNumber, then of CN, in the subject. Empty if it has none or cannot be read:
   * this is for telling a person what was seen, not for deciding anything.
   */
  public static List<String> claimed(X509Certificate certificate) {
    var serialNumbers = new ArrayList<String>();
    var commonNames = new ArrayList<String>();
    try {
      X500Name subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
      for (RDN rdn : subject.getRDNs()) {
        for (AttributeTypeAndValue attribute : rdn.getTypesAndValues()) {
          if (attribute.getValue() instanceof ASN1String text) {
            if (attribute.getType().equals(BCStyle.SERIALNUMBER)) {
              serialNumbers.add(text.getString());
            } else if (attribute.getType().equals(BCStyle.CN)) {
              commonNames.add(text.getString());
            }
          }
        }
      }
    } catch (RuntimeException e) {
      return List.of(); // Bouncy Castle says so about what is not a Name
    }
    serialNumbers.addAll(commonNames);
    return List.copyOf(serialNumbers);
  }
}
