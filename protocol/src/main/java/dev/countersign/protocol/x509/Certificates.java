// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.x509;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Pem;
import dev.countersign.protocol.Sha256;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads and writes certificates; judges nothing. */
public final class Certificates {
  /** Larger than any certificate with a post-quantum key we would carry. */
  public static final int MAX_BYTES = 16 * 1024;

  private static final byte DER_SEQUENCE = 0x30;

  private static final Pattern PEM =
      Pattern.compile("-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]+)-----END CERTIFICATE-----");

  private Certificates() {}

  /** Reads one DER-encoded certificate (RFC 5280 §4.1). */
  public static X509Certificate parse(byte[] der) throws MalformedException {
    if (der.length > MAX_BYTES) {
      throw new MalformedException("certificate", "expected at most " + MAX_BYTES + " bytes");
    }
    // The platform's factory would read PEM and PKCS #7 as well.
    if (der.length == 0 || der[0] != DER_SEQUENCE) {
      throw new MalformedException("certificate", "expected an X.509 certificate in DER");
    }
    try {
      var in = new ByteArrayInputStream(der);
      var certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      if (in.available() > 0) {
        throw new MalformedException("certificate", "expected one certificate, got more bytes");
      }
      return certificate;
    } catch (CertificateException | RuntimeException e) {
      throw new MalformedException("certificate", "expected an X.509 certificate in DER", e);
    }
  }

  /** Reads every certificate of a PEM text, in order, and passes over whatever else is there. */
  public static List<X509Certificate> parsePem(String pem) throws MalformedException {
    var found = new ArrayList<X509Certificate>();
    Matcher matcher = PEM.matcher(pem);
    while (matcher.find()) {
      try {
        found.add(parse(Base64.getMimeDecoder().decode(matcher.group(1))));
      } catch (IllegalArgumentException e) {
        throw new MalformedException("certificate", "expected Base64 between the PEM lines", e);
      }
    }
    return List.copyOf(found);
  }

  /** The certificate as PEM, with a line feed at its end. */
  public static String toPem(X509Certificate certificate) {
    return Pem.block("CERTIFICATE", der(certificate));
  }

  public static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("a parsed certificate has an encoding", e);
    }
  }

  /** Names this one certificate. */
  public static Sha256 fingerprint(X509Certificate certificate) {
    return Sha256.of(der(certificate));
  }

  /** Names the key, through every certificate it ever has. */
  public static Sha256 keyHash(X509Certificate certificate) {
    return Sha256.of(certificate.getPublicKey().getEncoded());
  }
}
