// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.pki.AuthorityProfile.ServerAuthority;
import dev.countersign.protocol.MalformedException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.NameConstraintValidatorException;
import org.bouncycastle.asn1.x509.PKIXNameConstraintValidator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerNamePropertyTest {
  @Property(tries = 300)
  @Label("A parsed name prints as it was written, in lower case")
  void reads_what_it_prints(@ForAll("hostNames") String name) throws Exception {
    ServerName parsed = ServerName.parse(name);

    assertThat(parsed.text()).isEqualTo(name.toLowerCase(Locale.ROOT));
    assertThat(ServerName.parse(parsed.text())).isEqualTo(parsed);
  }

  @Property(tries = 200)
  @Label("Addresses survive parsing")
  void reads_addresses(@ForAll @Size(4) byte[] v4, @ForAll @Size(16) byte[] v6) throws Exception {
    for (InetAddress address : List.of(address(v4), address(v6))) {
      assertThat(ServerName.parse(address.getHostAddress())).isEqualTo(new ServerName.Ip(address));
    }
  }

  @Property(tries = 500)
  @Label("Any text is a name or refused with MalformedException, nothing else")
  void survives_any_text(@ForAll String text) {
    try {
      assertThat(ServerName.parse(text).text()).isNotEmpty();
    } catch (MalformedException e) {
      assertThat(e.field()).isEqualTo("server name");
    }
  }

  @Property(tries = 500)
  @Label("The authority's rules agree with an independent validator on every name")
  void agrees_with_an_independent_validator(
      @ForAll("names") List<String> permitted, @ForAll("name") String name) throws Exception {
    List<ServerName> names = TestAuthorities.names(permitted.toArray(String[]::new));
    NameRules rules = NameRules.of(new ServerAuthority(names));
    ServerName candidate = ServerName.parse(name);

    assertThat(rules.permits(candidate)).isEqualTo(independently(rules, candidate));
  }

  private static boolean independently(NameRules rules, ServerName name) {
    var validator = new PKIXNameConstraintValidator();
    var constraints = rules.toAsn1();
    if (constraints.getPermittedSubtrees() != null) {
      validator.intersectPermittedSubtree(constraints.getPermittedSubtrees());
    }
    boolean kindIsExcluded = false;
    if (constraints.getExcludedSubtrees() != null) {
      for (var subtree : constraints.getExcludedSubtrees()) {
        // What excludes a whole kind; that validator does not read an empty DNS base as such.
        kindIsExcluded |=
            subtree.getBase().getTagNo() == NameRules.subjectAlternative(name).getTagNo();
      }
    }
    try {
      GeneralName general = NameRules.subjectAlternative(name);
      validator.checkPermitted(general);
      return !kindIsExcluded;
    } catch (NameConstraintValidatorException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "a..b",
        "-a.example",
        "a-.example",
        "*.example",
        "a_b.example",
        "ex ample",
        "host.",
        "1.2.3",
        "256.1.1.1",
        "1.2.3.4.5",
        "fe80::1%eth0",
        "::g",
        "münchen.example",
        "a\u0000.example",
        "localhost:8443",
        "4711"
      })
  void refuses_what_is_no_name(String text) {
    assertThatThrownBy(() -> ServerName.parse(text))
        .isInstanceOf(MalformedException.class)
        .hasMessageStartingWith("server name: expected a host name or an IP address");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "a", "gw-1.example", "xn--mnchen-3ya.example", "1a.example"})
  void accepts_host_names(String text) throws Exception {
    assertThat(ServerName.parse(text)).isEqualTo(new ServerName.Dns(text));
  }

  @Provide
  Arbitrary<String> hostNames() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withCharRange('A', 'Z')
        .ofMinLength(1)
        .ofMaxLength(20)
        .list()
        .ofMinSize(1)
        .ofMaxSize(5)
        .map(labels -> String.join(".", labels));
  }

  @Provide
  Arbitrary<String> name() {
    return Arbitraries.of(
        "a.example",
        "b.a.example",
        "example",
        "xa.example",
        "c",
        "10.0.0.1",
        "10.0.0.2",
        "::1",
        "::2");
  }

  @Provide
  Arbitrary<List<String>> names() {
    return name().list().ofMinSize(1).ofMaxSize(4);
  }

  private static InetAddress address(byte[] bytes) throws UnknownHostException {
    return InetAddress.getByAddress(bytes);
  }
}
