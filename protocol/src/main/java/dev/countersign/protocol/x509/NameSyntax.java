// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.x509;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * The form of names and of constraints on names (RFC 5280 §4.2.1.6, §4.2.1.10). A validator that
 * reads a malformed name its own way may find it inside a subtree where another finds it outside.
 */
final class NameSyntax {
  private static final int MAX_DNS_CHARS = 253;
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;

  private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

  /** RFC 1034 §3.5 with RFC 1123 §2.1, as RFC 5280 §4.2.1.6 asks. */
  private static final Pattern DNS = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");

  private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern IPV4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:][0-9A-Fa-f:.]*");
  private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");

  private NameSyntax() {}

  static boolean isDnsName(String name) {
    return name.length() <= MAX_DNS_CHARS && DNS.matcher(name).matches();
  }

  /** What must be compared as an address, and is none if {@link #address} is empty. */
  static boolean looksLikeAddress(String host) {
    return host.contains(":") || DIGITS_AND_DOTS.matcher(host).matches();
  }

  /** The bytes of an address literal. Never looks a name up. */
  static Optional<InetAddress> address(String literal) {
    boolean isIpv6 = literal.contains(":") && IPV6.matcher(literal).matches();
    if (!isIpv6 && !IPV4.matcher(literal).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(literal));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** Whether a subject alternative name has the form of its type; other types are not judged. */
  static boolean isWellFormed(GeneralName name) {
    return switch (name.getTagNo()) {
      case GeneralName.dNSName -> isDnsName(withoutWildcard(ia5(name)));
      case GeneralName.rfc822Name -> isMailbox(ia5(name));
      case GeneralName.iPAddress -> {
        int length = octets(name).length;
        yield length == IPV4_BYTES || length == IPV6_BYTES;
      }
      default -> true;
    };
  }

  /** Whether a base of a subtree has the form of its type, and a type that is understood here. */
  static boolean isWellFormedConstraint(GeneralName base) {
    return switch (base.getTagNo()) {
      case GeneralName.dNSName -> ia5(base).isEmpty() || isDnsName(ia5(base));
      case GeneralName.rfc822Name -> isMailbox(ia5(base)) || isDnsName(withoutDot(ia5(base)));
      case GeneralName.uniformResourceIdentifier -> isDnsName(withoutDot(ia5(base)));
      case GeneralName.iPAddress -> isAddressRange(octets(base));
      case GeneralName.directoryName -> true;
      default -> false;
    };
  }

  private static boolean isMailbox(String text) {
    int at = text.indexOf('@');
    return at > 0 && isDnsName(text.substring(at + 1));
  }

  /** §4.2.1.10: an address and a mask of equal length; RFC 4632 §5.1: a mask is a prefix. */
  private static boolean isAddressRange(byte[] range) {
    if (range.length != 2 * IPV4_BYTES && range.length != 2 * IPV6_BYTES) {
      return false;
    }
    boolean ended = false;
    for (int bit = range.length * 4; bit < range.length * 8; bit++) {
      boolean set = (range[bit / 8] >> (7 - bit % 8) & 1) == 1;
      if (set && ended) {
        return false;
      }
      ended |= !set;
    }
    return true;
  }

  /** A wildcard is well-formed, although it matches nothing here. */
  private static String withoutWildcard(String dns) {
    return dns.startsWith("*.") ? dns.substring(2) : dns;
  }

  private static String withoutDot(String host) {
    return host.startsWith(".") ? host.substring(1) : host;
  }

  private static String ia5(GeneralName name) {
    return ASN1IA5String.getInstance(name.getName()).getString();
  }

  private static byte[] octets(GeneralName name) {
    return ASN1OctetString.getInstance(name.getName()).getOctets();
  }
}
