// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.x509;

import dev.countersign.protocol.x509.ChainRefusedException.Reason;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What PKIX does not ask of a leaf: its use and its name. A chain alone would let any in. */
final class EndEntityRules {
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

  /** KeyUsage bit 0 (RFC 5280 §4.2.1.3): all that TLS 1.3 and ECDHE suites use a key for. */
  private static final int DIGITAL_SIGNATURE = 0;

  private static final int SAN_DNS = 2;
  private static final int SAN_IP = 7;

  private EndEntityRules() {}

  static void check(X509Certificate leaf, Purpose purpose) throws ChainRefusedException {
    if (leaf.getBasicConstraints() >= 0) {
      throw new ChainRefusedException(Reason.WRONG_PURPOSE, "an authority's own certificate");
    }
    boolean[] usage = leaf.getKeyUsage();
    if (usage != null && !usage[DIGITAL_SIGNATURE]) {
      throw new ChainRefusedException(Reason.WRONG_PURPOSE, "no digitalSignature");
    }
    if (purpose instanceof Purpose.TlsServer server) {
      requireUse(leaf, SERVER_AUTH, "serverAuth");
      requireName(leaf, server.name());
    } else {
      requireUse(leaf, CLIENT_AUTH, "clientAuth");
    }
  }

  private static void requireUse(X509Certificate leaf, String oid, String name)
      throws ChainRefusedException {
    try {
      List<String> uses = leaf.getExtendedKeyUsage();
      // Absent or anyExtendedKeyUsage would fit every purpose, hence none of ours.
      if (uses == null || !uses.contains(oid)) {
        throw new ChainRefusedException(Reason.WRONG_PURPOSE, "no " + name);
      }
    } catch (CertificateParsingException e) {
      throw new ChainRefusedException(Reason.MALFORMED, "extended key usage", e);
    }
  }

  /** RFC 9525 §6.3: only subjectAltName counts, never the CN; no wildcards in a private PKI. */
  private static void requireName(X509Certificate leaf, String expected)
      throws ChainRefusedException {
    String host = withoutBrackets(expected);
    boolean isAddress = NameSyntax.looksLikeAddress(host);
    Optional<InetAddress> address = NameSyntax.address(host);
    try {
      Collection<List<?>> names = leaf.getSubjectAlternativeNames();
      for (List<?> name : names == null ? List.<List<?>>of() : names) {
        int type = (Integer) name.get(0);
        if (isAddress
            ? type == SAN_IP
                && address.isPresent()
                && address.equals(NameSyntax.address((String) name.get(1)))
            : type == SAN_DNS && isSameHost(host, (String) name.get(1))) {
          return;
        }
      }
      throw new ChainRefusedException(
          Reason.WRONG_NAME, "expected " + expected + ", got " + (names == null ? "none" : names));
    } catch (CertificateParsingException e) {
      throw new ChainRefusedException(Reason.MALFORMED, "subject alternative name", e);
    }
  }

  /** RFC 9525 §6.3: without regard to case, in ASCII; a wildcard is no host. */
  private static boolean isSameHost(String expected, String presented) {
    return NameSyntax.isDnsName(expected) && expected.equalsIgnoreCase(presented);
  }

  /** RFC 3986 §3.2.2: an IPv6 address stands in brackets in a URL. */
  private static String withoutBrackets(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}
