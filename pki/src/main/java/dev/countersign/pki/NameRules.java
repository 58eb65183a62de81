// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.jspecify.annotations.Nullable;

/**
 * Name constraints (RFC 5280 §4.2.1.10) for DNS names and addresses: written into an authority's
 * certificate, and read back from it before each issue.
 */
final class NameRules {
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;

  /** A DNS base of no labels: every name is zero or more labels to its left. */
  private static final GeneralName ANY_DNS = new GeneralName(GeneralName.dNSName, "");

  private final List<GeneralName> permitted;
  private final List<GeneralName> excluded;

  private NameRules(List<GeneralName> permitted, List<GeneralName> excluded) {
    this.permitted = List.copyOf(permitted);
    this.excluded = List.copyOf(excluded);
  }

  static NameRules of(AuthorityProfile profile) {
    var permitted = new ArrayList<GeneralName>();
    var excluded = new ArrayList<GeneralName>();
    switch (profile) {
      case AuthorityProfile.DeviceAuthority() -> {}
      case AuthorityProfile.HubAuthority(ServerName.Dns domain) -> permitted.add(base(domain));
      case AuthorityProfile.ServerAuthority(List<ServerName> names) ->
          names.forEach(name -> permitted.add(base(name)));
    }
    // A type without any permitted subtree is unconstrained; so it must be excluded in whole.
    if (permitted.stream().noneMatch(name -> name.getTagNo() == GeneralName.dNSName)) {
      excluded.add(ANY_DNS);
    }
    if (permitted.stream().noneMatch(name -> name.getTagNo() == GeneralName.iPAddress)) {
      excluded.add(address(new byte[2 * IPV4_BYTES]));
      excluded.add(address(new byte[2 * IPV6_BYTES]));
    }
    return new NameRules(permitted, excluded);
  }

  /** The rules in an authority's certificate; none for a root. */
  static NameRules of(X509Certificate authority) {
    byte[] extension = authority.getExtensionValue(Extension.nameConstraints.getId());
    if (extension == null) {
      return new NameRules(List.of(), List.of());
    }
    NameConstraints constraints =
        NameConstraints.getInstance(ASN1OctetString.getInstance(extension).getOctets());
    return new NameRules(
        bases(constraints.getPermittedSubtrees()), bases(constraints.getExcludedSubtrees()));
  }

  NameConstraints toAsn1() {
    return new NameConstraints(subtrees(permitted), subtrees(excluded));
  }

  boolean permits(ServerName name) {
    List<GeneralName> ofItsType =
        permitted.stream().filter(base -> base.getTagNo() == tag(name)).toList();
    return (ofItsType.isEmpty() || ofItsType.stream().anyMatch(base -> isWithin(name, base)))
        && excluded.stream().noneMatch(base -> isWithin(name, base));
  }

  /** What a person should be told when a name is not permitted. */
  Optional<String> permittedText() {
    return permitted.isEmpty()
        ? Optional.empty()
        : Optional.of(String.join(", ", permitted.stream().map(NameRules::text).toList()));
  }

  static GeneralName subjectAlternative(ServerName name) {
    return switch (name) {
      case ServerName.Dns(String text) -> new GeneralName(GeneralName.dNSName, text);
      case ServerName.Ip(InetAddress address) -> address(address.getAddress());
    };
  }

  private static GeneralName base(ServerName name) {
    return switch (name) {
      case ServerName.Dns(String text) -> new GeneralName(GeneralName.dNSName, text);
      case ServerName.Ip(InetAddress address) -> {
        // Address and mask (RFC 5280 §4.2.1.10); a mask of all ones permits one address.
        byte[] bytes = address.getAddress();
        byte[] withMask = Arrays.copyOf(bytes, 2 * bytes.length);
        Arrays.fill(withMask, bytes.length, withMask.length, (byte) 0xff);
        yield address(withMask);
      }
    };
  }

  private static GeneralName address(byte[] bytes) {
    return new GeneralName(GeneralName.iPAddress, new DEROctetString(bytes));
  }

  private static int tag(ServerName name) {
    return switch (name) {
      case ServerName.Dns _ -> GeneralName.dNSName;
      case ServerName.Ip _ -> GeneralName.iPAddress;
    };
  }

  private static boolean isWithin(ServerName name, GeneralName base) {
    if (base.getTagNo() != tag(name)) {
      return false;
    }
    return switch (name) {
      case ServerName.Dns(String text) -> isWithin(text, dns(base));
      case ServerName.Ip(InetAddress address) -> isWithin(address.getAddress(), bytes(base));
    };
  }

  private static boolean isWithin(String name, String base) {
    return base.isEmpty() || name.equals(base) || name.endsWith("." + base);
  }

  private static boolean isWithin(byte[] address, byte[] base) {
    if (base.length != 2 * address.length) {
      return false;
    }
    for (int i = 0; i < address.length; i++) {
      if (((address[i] ^ base[i]) & base[address.length + i]) != 0) {
        return false;
      }
    }
    return true;
  }

  private static String dns(GeneralName base) {
    return ASN1IA5String.getInstance(base.getName()).getString().toLowerCase(Locale.ROOT);
  }

  private static byte[] bytes(GeneralName base) {
    return ASN1OctetString.getInstance(base.getName()).getOctets();
  }

  private static String text(GeneralName base) {
    return switch (base.getTagNo()) {
      case GeneralName.dNSName -> dns(base);
      case GeneralName.iPAddress -> address(base);
      default -> base.toString();
    };
  }

  private static String address(GeneralName base) {
    byte[] bytes = bytes(base);
    try {
      return InetAddress.getByAddress(Arrays.copyOf(bytes, bytes.length / 2)).getHostAddress();
    } catch (UnknownHostException e) {
      return base.toString();
    }
  }

  private static List<GeneralName> bases(GeneralSubtree @Nullable [] in) {
    return in == null ? List.of() : Arrays.stream(in).map(GeneralSubtree::getBase).toList();
  }

  private static GeneralSubtree @Nullable [] subtrees(List<GeneralName> bases) {
    return bases.isEmpty()
        ? null
        : bases.stream().map(GeneralSubtree::new).toArray(GeneralSubtree[]::new);
  }
}
