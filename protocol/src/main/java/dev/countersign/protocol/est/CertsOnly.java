// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.est;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSAbsentContent;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.util.Store;

/**
 * A "certs-only" message: CMS SignedData without content and without signers (RFC 5751 §3.2.2, used
 * by RFC 7030 §4.1.3 and §4.2.3). It proves nothing; what it carries must be verified.
 */
public final class CertsOnly {
  /** A response holds a leaf, or the handful of authorities. */
  private static final int MAX_CERTIFICATES = 16;

  /** Their bytes, and some for the frame around them. */
  private static final int MAX_BYTES = MAX_CERTIFICATES * Certificates.MAX_BYTES + 1024;

  private CertsOnly() {}

  /** The DER of a message with these certificates. It is a SET: their order does not travel. */
  public static byte[] encode(List<X509Certificate> certificates) {
    try {
      var generator = new CMSSignedDataGenerator();
      for (X509Certificate certificate : certificates) {
        generator.addCertificate(new X509CertificateHolder(Certificates.der(certificate)));
      }
      return generator.generate(new CMSAbsentContent()).toASN1Structure().getEncoded("DER");
    } catch (CMSException | IOException e) {
      throw new IllegalArgumentException("certificates that cannot be encoded", e);
    }
  }

  /** Reads the certificates of a message, in whatever order it has them. */
  public static List<X509Certificate> decode(byte[] der) throws MalformedException {
    if (der.length > MAX_BYTES) {
      throw new MalformedException("body", "expected at most " + MAX_BYTES + " bytes");
    }
    var certificates = new ArrayList<X509Certificate>();
    try {
      Store<X509CertificateHolder> store = new CMSSignedData(der).getCertificates();
      for (X509CertificateHolder holder : store.getMatches(null)) {
        if (certificates.size() == MAX_CERTIFICATES) {
          throw new MalformedException(
              "certificates", "expected at most " + MAX_CERTIFICATES + " of them");
        }
        certificates.add(Certificates.parse(holder.getEncoded()));
      }
    } catch (CMSException | IOException | RuntimeException e) {
      throw new MalformedException("body", "expected a certs-only CMS message", e);
    }
    if (certificates.isEmpty()) {
      throw new MalformedException("certificates", "expected at least one");
    }
    return List.copyOf(certificates);
  }
}
