// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.x509;

import static dev.countersign.protocol.x509.TestCertificate.authority;
import static dev.countersign.protocol.x509.TestCertificate.device;
import static dev.countersign.protocol.x509.TestCertificate.dns;
import static dev.countersign.protocol.x509.TestCertificate.ip;
import static dev.countersign.protocol.x509.TestCertificate.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.countersign.protocol.x509.ChainRefusedException.Reason;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.OtherName;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Path validation (RFC 5280 §6)")
final class ChainVerifierTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final Purpose CLIENT = new Purpose.TlsClient();
  private static final Purpose SERVER = new Purpose.TlsServer("gateway.example");

  private final TestCertificate root = authority("Root").selfSigned();
  private final TestCertificate issuer = authority("Issuer").issuedBy(root);
  private final ChainVerifier verifier = ChainVerifier.trusting(List.of(root.certificate()));

  private static List<X509Certificate> chain(TestCertificate... certificates) {
    return Stream.of(certificates).map(TestCertificate::certificate).toList();
  }

  private Reason refusal(Purpose purpose, TestCertificate... chain) {
    return refusal(verifier, purpose, NOW, chain(chain));
  }

  private static Reason refusal(
      ChainVerifier verifier, Purpose purpose, Instant at, List<X509Certificate> chain) {
    var refused =
        catchThrowableOfType(
            ChainRefusedException.class, () -> verifier.verify(chain, purpose, at));
    assertThat(refused).as("refusal").isNotNull();
    assertThat(refused.getMessage()).startsWith(refused.reason().meaning());
    return refused.reason();
  }

  @Nested
  @DisplayName("accepts")
  final class Accepts {
    @Test
    @DisplayName("a device's chain, and names leaf, key and the first end in it")
    void accepts_device_chain() throws Exception {
      TestCertificate leaf = device("SN-1").until("2026-07-01T00:00:00Z").issuedBy(issuer);
      VerifiedChain verified = verifier.verify(chain(leaf, issuer), CLIENT, NOW);
      assertThat(verified.leaf()).isEqualTo(leaf.certificate());
      assertThat(verified.path()).containsExactly(leaf.certificate(), issuer.certificate());
      assertThat(verified.fingerprint()).isEqualTo(Certificates.fingerprint(leaf.certificate()));
      assertThat(verified.keyHash()).isEqualTo(Certificates.keyHash(leaf.certificate()));
      assertThat(verified.validUntil()).isEqualTo(Instant.parse("2026-07-01T00:00:00Z"));
    }

    @Test
    @DisplayName("a list with the root in it, in any order behind the leaf, and with strays")
    void accepts_list_with_root_and_strays() throws Exception {
      TestCertificate leaf = device("SN-1").issuedBy(issuer);
      TestCertificate stray = authority("Stray").selfSigned();
      verifier.verify(chain(leaf, root, stray, issuer, leaf), CLIENT, NOW);
    }

    @Test
    @DisplayName("a cross-signed authority by whichever path leads to an anchor")
    void accepts_cross_signed_authority() throws Exception {
      TestCertificate other = authority("Other Root").selfSigned();
      TestCertificate crossSigned = authority("Issuer").keys(issuer.keys()).issuedBy(other);
      TestCertificate leaf = device("SN-1").issuedBy(issuer);
      for (var order :
          List.of(chain(leaf, issuer, crossSigned), chain(leaf, crossSigned, issuer))) {
        verifier.verify(order, CLIENT, NOW);
        ChainVerifier.trusting(chain(other)).verify(order, CLIENT, NOW);
      }
    }

    @Test
    @DisplayName("the other path where one of two has expired")
    void accepts_path_around_expired_authority() throws Exception {
      TestCertificate expired =
          authority("Issuer").keys(issuer.keys()).until("2026-02-01T00:00:00Z").issuedBy(root);
      TestCertificate leaf = device("SN-1").issuedBy(issuer);
      verifier.verify(chain(leaf, expired, issuer), CLIENT, NOW);
      verifier.verify(chain(leaf, issuer, expired), CLIENT, NOW);
    }

    @Test
    @DisplayName("an anchor past its end: a list of anchors ends trust, not a date (§6.1.1 (d))")
    void accepts_expired_anchor() throws Exception {
      TestCertificate old = authority("Old").until("2026-02-01T00:00:00Z").selfSigned();
      ChainVerifier.trusting(chain(old)).verify(chain(device("SN-1").issuedBy(old)), CLIENT, NOW);
    }

    @Test
    @DisplayName("the first and the last second of a certificate")
    void accepts_ends_of_validity() throws Exception {
      TestCertificate leaf = device("SN-1").issuedBy(issuer);
      verifier.verify(chain(leaf, issuer), CLIENT, TestCertificate.BEGIN);
      verifier.verify(chain(leaf, issuer), CLIENT, TestCertificate.END);
    }

    @Test
    @DisplayName("RSA of 2048 bits and P-384")
    void accepts_rsa_and_p384() throws Exception {
      TestCertificate rsa = authority("RSA").keys(TestCertificate.rsaKeys(2048)).issuedBy(root);
      TestCertificate leaf =
          device("SN-1").keys(TestCertificate.ecKeys("secp384r1")).hash("SHA384").issuedBy(rsa);
      verifier.verify(chain(leaf, rsa), CLIENT, NOW);
    }
  }

  @Nested
  @DisplayName("refuses")
  final class Refuses {
    @Test
    @DisplayName("no certificate")
    void refuses_empty_list() {
      assertThat(refusal(verifier, CLIENT, NOW, List.of())).isEqualTo(Reason.NO_CERTIFICATE);
    }

    @Test
    @DisplayName("a list that is only there to keep us busy")
    void refuses_long_list() {
      X509Certificate leaf = device("SN-1").issuedBy(issuer).certificate();
      assertThat(refusal(verifier, CLIENT, NOW, Collections.nCopies(11, leaf)))
          .isEqualTo(Reason.MALFORMED);
    }

    @Test
    @DisplayName("a certificate of thousands of names")
    void refuses_huge_certificate() {
      var names = new GeneralName[2000];
      for (int i = 0; i < names.length; i++) {
        names[i] = dns("name" + i + ".example");
      }
      assertThat(refusal(SERVER, server(names).issuedBy(issuer), issuer))
          .isEqualTo(Reason.MALFORMED);
    }

    @Test
    @DisplayName("a chain to another root")
    void refuses_unknown_issuer() {
      TestCertificate other = authority("Other").selfSigned();
      assertThat(refusal(CLIENT, device("SN-1").issuedBy(other), other))
          .isEqualTo(Reason.UNKNOWN_ISSUER);
    }

    @Test
    @DisplayName("a chain whose authority is missing")
    void refuses_missing_authority() {
      assertThat(refusal(CLIENT, device("SN-1").issuedBy(issuer))).isEqualTo(Reason.UNKNOWN_ISSUER);
    }

    @Test
    @DisplayName("a root of the same name and another key")
    void refuses_signature_by_namesake() {
      TestCertificate namesake = authority("Root").selfSigned();
      assertThat(refusal(CLIENT, device("SN-1").issuedBy(namesake)))
          .isEqualTo(Reason.BAD_SIGNATURE);
      assertThat(refusal(CLIENT, device("SN-1").issuedBy(namesake), namesake))
          .isEqualTo(Reason.BAD_SIGNATURE);
    }

    @Test
    @DisplayName("a leaf that was signed by another leaf's key")
    void refuses_leaf_as_issuer() {
      TestCertificate leaf = device("SN-1").issuedBy(issuer);
      TestCertificate forged = device("SN-2").issuedBy(leaf);
      assertThat(refusal(CLIENT, forged, leaf, issuer)).isEqualTo(Reason.CONSTRAINT);
    }

    @Test
    @DisplayName("what has not begun")
    void refuses_not_yet_valid() {
      TestCertificate leaf = device("SN-1").from("2026-06-01T00:00:01Z").issuedBy(issuer);
      assertThat(refusal(CLIENT, leaf, issuer)).isEqualTo(Reason.NOT_YET_VALID);
    }

    @Test
    @DisplayName("what has ended, leaf or authority")
    void refuses_expired() {
      TestCertificate leaf = device("SN-1").until("2026-05-31T23:59:59Z").issuedBy(issuer);
      assertThat(refusal(CLIENT, leaf, issuer)).isEqualTo(Reason.EXPIRED);
      TestCertificate old = authority("Old").until("2026-05-31T23:59:59Z").issuedBy(root);
      assertThat(refusal(CLIENT, device("SN-1").issuedBy(old), old)).isEqualTo(Reason.EXPIRED);
    }

    @Test
    @DisplayName("SHA-1 in any signature, RSA under 2048 bits, curves we do not know")
    void refuses_weak_algorithms() {
      assertThat(refusal(CLIENT, device("SN-1").hash("SHA1").issuedBy(issuer), issuer))
          .isEqualTo(Reason.WEAK_ALGORITHM);
      TestCertificate sha1 = authority("SHA-1").hash("SHA1").issuedBy(root);
      assertThat(refusal(CLIENT, device("SN-1").issuedBy(sha1), sha1))
          .isEqualTo(Reason.WEAK_ALGORITHM);
      var small = TestCertificate.rsaKeys(1024);
      assertThat(refusal(CLIENT, device("SN-1").keys(small).issuedBy(issuer), issuer))
          .isEqualTo(Reason.WEAK_ALGORITHM);
      TestCertificate weakRoot = authority("Weak").keys(small).selfSigned();
      assertThat(
              refusal(
                  ChainVerifier.trusting(chain(weakRoot)),
                  CLIENT,
                  NOW,
                  chain(device("SN-1").issuedBy(weakRoot))))
          .isEqualTo(Reason.WEAK_ALGORITHM);
    }

    @Test
    @DisplayName("serial numbers of zero or of more than 20 octets (§4.1.2.2)")
    void refuses_odd_serial_numbers() {
      for (BigInteger serial :
          List.of(BigInteger.ZERO, BigInteger.ONE.negate(), BigInteger.ONE.shiftLeft(160))) {
        assertThat(refusal(CLIENT, device("SN-1").serialNumber(serial).issuedBy(issuer), issuer))
            .isEqualTo(Reason.MALFORMED);
      }
    }

    @Test
    @DisplayName("a malformed extension, even where the platform passes over it")
    void refuses_malformed_extension() {
      for (ASN1ObjectIdentifier oid :
          List.of(
              Extension.keyUsage, Extension.basicConstraints, Extension.subjectAlternativeName)) {
        TestCertificate leaf =
            device("SN-1").with(oid, false, new DERUTF8String("nonsense")).issuedBy(issuer);
        assertThat(refusal(CLIENT, leaf, issuer)).as(oid.getId()).isEqualTo(Reason.MALFORMED);
      }
    }

    @Test
    @DisplayName("a critical extension that nobody here knows (§6.1.4 (o))")
    void refuses_unknown_critical_extension() {
      TestCertificate leaf =
          device("SN-1")
              .with(new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"), true, DERNull.INSTANCE)
              .issuedBy(issuer);
      assertThat(refusal(CLIENT, leaf, issuer)).isEqualTo(Reason.CONSTRAINT);
    }

    @Test
    @DisplayName("a message with control characters of a stranger's choice")
    void shows_no_control_characters() {
      TestCertificate evil = authority("Evil\\0A2026 INFO all is well \u202e").selfSigned();
      TestCertificate leaf = device("SN-1").issuedBy(evil);
      var refused =
          catchThrowableOfType(
              ChainRefusedException.class, () -> verifier.verify(chain(leaf), CLIENT, NOW));
      assertThat(refused.getMessage()).doesNotContain("\n").doesNotContain("\u202e");
    }
  }

  @Nested
  @DisplayName("constraints of issuers (§6.1.4)")
  final class Constraints {
    @Test
    @DisplayName("an authority without basicConstraints, with cA false, or not marked critical")
    void refuses_authority_without_basic_constraints() {
      for (var recipe :
          List.of(
              authority("None").without(Extension.basicConstraints),
              authority("False")
                  .with(Extension.basicConstraints, true, new BasicConstraints(false)),
              authority("Lax").with(Extension.basicConstraints, false, new BasicConstraints(true)),
              authority("No sign")
                  .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)))) {
        TestCertificate wrong = recipe.issuedBy(root);
        assertThat(refusal(CLIENT, device("SN-1").issuedBy(wrong), wrong))
            .as(wrong.certificate().getSubjectX500Principal().getName())
            .isEqualTo(Reason.CONSTRAINT);
      }
    }

    @Test
    @DisplayName("the same for an anchor, which the platform's validator does not look at")
    void refuses_anchor_that_is_no_authority() {
      for (var recipe :
          List.of(
              authority("None").without(Extension.basicConstraints),
              authority("Lax").with(Extension.basicConstraints, false, new BasicConstraints(true)),
              authority("No sign")
                  .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)))) {
        TestCertificate anchor = recipe.selfSigned();
        assertThat(
                refusal(
                    ChainVerifier.trusting(chain(anchor)),
                    CLIENT,
                    NOW,
                    chain(device("SN-1").issuedBy(anchor))))
            .isEqualTo(Reason.CONSTRAINT);
      }
    }

    @Test
    @DisplayName("a path longer than an authority or the anchor allows")
    void refuses_long_path() {
      TestCertificate last = authority("Last").pathLength(0).issuedBy(root);
      TestCertificate beyond = authority("Beyond").issuedBy(last);
      assertThat(refusal(CLIENT, device("SN-1").issuedBy(beyond), beyond, last))
          .isEqualTo(Reason.CONSTRAINT);

      TestCertificate short0 = authority("Short").pathLength(0).selfSigned();
      TestCertificate below = authority("Below").issuedBy(short0);
      assertThat(
              refusal(
                  ChainVerifier.trusting(chain(short0)),
                  CLIENT,
                  NOW,
                  chain(device("SN-1").issuedBy(below), below)))
          .isEqualTo(Reason.CONSTRAINT);
    }

    @Test
    @DisplayName("three authorities are a path, four are too many")
    void limits_depth() throws Exception {
      var path = new ArrayList<TestCertificate>();
      TestCertificate last = root;
      for (int i = 1; i <= 3; i++) {
        last = authority("Level " + i).issuedBy(last);
        path.add(0, last);
      }
      var good = new ArrayList<>(path);
      good.add(0, device("SN-1").issuedBy(last));
      verifier.verify(chain(good.toArray(TestCertificate[]::new)), CLIENT, NOW);

      TestCertificate fourth = authority("Level 4").issuedBy(last);
      path.add(0, fourth);
      path.add(0, device("SN-1").issuedBy(fourth));
      assertThat(refusal(CLIENT, path.toArray(TestCertificate[]::new)))
          .isEqualTo(Reason.UNKNOWN_ISSUER);
    }

    @Test
    @DisplayName("an authority for devices alone, with all DNS and IP names excluded")
    void keeps_device_authority_from_making_servers() throws Exception {
      TestCertificate deviceAuthority =
          authority("Devices")
              .excluding(
                  dns(""),
                  ip("0.0.0.0/0"),
                  new GeneralName(GeneralName.iPAddress, new DEROctetString(new byte[32])))
              .issuedBy(root);
      verifier.verify(
          chain(device("SN-1").issuedBy(deviceAuthority), deviceAuthority), CLIENT, NOW);
      for (GeneralName name : List.of(dns("gateway.example"), ip("192.0.2.1"), ip("2001:db8::1"))) {
        String host = name.getTagNo() == GeneralName.dNSName ? "gateway.example" : "192.0.2.1";
        assertThat(
                refusal(
                    new Purpose.TlsServer(host),
                    server(name).issuedBy(deviceAuthority),
                    deviceAuthority))
            .isEqualTo(Reason.CONSTRAINT);
      }
    }

    @Test
    @DisplayName("the same where the anchor itself is constrained")
    void enforces_name_constraints_of_anchor() throws Exception {
      TestCertificate narrow = authority("Narrow").permitting(dns("gateway.example")).selfSigned();
      ChainVerifier trusting = ChainVerifier.trusting(chain(narrow));
      trusting.verify(chain(server(dns("gateway.example")).issuedBy(narrow)), SERVER, NOW);
      TestCertificate foreign = server(dns("bank.example")).issuedBy(narrow);
      assertThat(refusal(trusting, new Purpose.TlsServer("bank.example"), NOW, chain(foreign)))
          .isEqualTo(Reason.CONSTRAINT);
    }

    @Test
    @DisplayName("only the permitted names, sub-domains among them, but no look-alikes")
    void enforces_permitted_names() throws Exception {
      TestCertificate hubs =
          authority("Hubs").permitting(dns("hub.example"), ip("192.0.2.0/24")).issuedBy(root);
      for (String good : List.of("hub.example", "a1.hub.example")) {
        verifier.verify(
            chain(server(dns(good)).issuedBy(hubs), hubs), new Purpose.TlsServer(good), NOW);
      }
      for (String bad : List.of("xhub.example", "example", "hub.example.net")) {
        assertThat(refusal(new Purpose.TlsServer(bad), server(dns(bad)).issuedBy(hubs), hubs))
            .isEqualTo(Reason.CONSTRAINT);
      }
      assertThat(
              refusal(
                  new Purpose.TlsServer("192.0.3.1"), server(ip("192.0.3.1")).issuedBy(hubs), hubs))
          .isEqualTo(Reason.CONSTRAINT);
    }

    @Test
    @DisplayName("a name constraint of a type nobody here knows is a refusal, not a crash")
    void refuses_other_name_constraint() {
      var other =
          new GeneralName(
              GeneralName.otherName,
              new OtherName(
                  new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.2"), new DERUTF8String("x")));
      TestCertificate odd = authority("Odd").excluding(other).issuedBy(root);
      TestCertificate leaf = server(dns("gateway.example"), other).issuedBy(odd);
      assertThat(refusal(SERVER, leaf, odd)).isEqualTo(Reason.CONSTRAINT);
    }

    @Test
    @DisplayName("name constraints that are malformed")
    void refuses_malformed_name_constraints() {
      for (GeneralName base :
          List.of(
              dns("*.example"),
              dns(".example"),
              new GeneralName(GeneralName.iPAddress, new DEROctetString(new byte[4])),
              new GeneralName(
                  GeneralName.iPAddress,
                  new DEROctetString(new byte[] {1, 2, 3, 4, (byte) 255, 0, (byte) 255, 0})),
              new GeneralName(GeneralName.rfc822Name, "a@b@example"))) {
        TestCertificate odd = authority("Odd").excluding(base).issuedBy(root);
        assertThat(refusal(CLIENT, device("SN-1").issuedBy(odd), odd))
            .as(base.toString())
            .isIn(Reason.CONSTRAINT, Reason.MALFORMED);
      }
    }
  }

  @Nested
  @DisplayName("purpose (§4.2.1.3, §4.2.1.12)")
  final class Uses {
    @Test
    @DisplayName("a device's certificate is no server's, and the reverse")
    void keeps_purposes_apart() {
      assertThat(refusal(SERVER, device("SN-1").issuedBy(issuer), issuer))
          .isEqualTo(Reason.WRONG_PURPOSE);
      assertThat(refusal(CLIENT, server(dns("gateway.example")).issuedBy(issuer), issuer))
          .isEqualTo(Reason.WRONG_PURPOSE);
    }

    @Test
    @DisplayName("a device's certificate that also holds the server's name is still no server's")
    void refuses_device_with_server_name() {
      TestCertificate leaf = device("SN-1").names(dns("gateway.example")).issuedBy(issuer);
      assertThat(refusal(SERVER, leaf, issuer)).isEqualTo(Reason.WRONG_PURPOSE);
    }

    @Test
    @DisplayName("no extended key usage, or any, fits no purpose")
    void refuses_missing_or_any_use() {
      assertThat(
              refusal(
                  CLIENT,
                  device("SN-1").without(Extension.extendedKeyUsage).issuedBy(issuer),
                  issuer))
          .isEqualTo(Reason.WRONG_PURPOSE);
      assertThat(
              refusal(
                  CLIENT,
                  TestCertificate.leaf("CN=x", KeyPurposeId.anyExtendedKeyUsage).issuedBy(issuer),
                  issuer))
          .isEqualTo(Reason.WRONG_PURPOSE);
    }

    @Test
    @DisplayName("a key that may not sign, or may sign certificates")
    void refuses_other_key_usage() {
      for (int usage :
          List.of(KeyUsage.keyEncipherment, KeyUsage.digitalSignature | KeyUsage.keyCertSign)) {
        TestCertificate leaf =
            device("SN-1").with(Extension.keyUsage, true, new KeyUsage(usage)).issuedBy(issuer);
        assertThat(refusal(CLIENT, leaf, issuer)).isEqualTo(Reason.WRONG_PURPOSE);
      }
    }

    @Test
    @DisplayName("an authority's own certificate, and the root itself")
    void refuses_authority_as_leaf() {
      assertThat(refusal(CLIENT, issuer)).isEqualTo(Reason.WRONG_PURPOSE);
      assertThat(refusal(CLIENT, root)).isEqualTo(Reason.WRONG_PURPOSE);
      TestCertificate both =
          authority("Both")
              .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
              .with(
                  Extension.extendedKeyUsage,
                  false,
                  new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth))
              .issuedBy(root);
      assertThat(refusal(CLIENT, both)).isEqualTo(Reason.WRONG_PURPOSE);
    }

    @Test
    @DisplayName("an authority for clients makes no servers")
    void refuses_authority_for_other_use() throws Exception {
      TestCertificate clients =
          authority("Clients")
              .with(
                  Extension.extendedKeyUsage,
                  false,
                  new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth))
              .issuedBy(root);
      verifier.verify(chain(device("SN-1").issuedBy(clients), clients), CLIENT, NOW);
      assertThat(refusal(SERVER, server(dns("gateway.example")).issuedBy(clients), clients))
          .isEqualTo(Reason.WRONG_PURPOSE);
    }
  }

  @Nested
  @DisplayName("names of servers (RFC 9525 §6)")
  final class Names {
    private boolean matches(String expected, GeneralName... names) {
      TestCertificate leaf = server(names).issuedBy(issuer);
      try {
        verifier.verify(chain(leaf, issuer), new Purpose.TlsServer(expected), NOW);
        return true;
      } catch (ChainRefusedException e) {
        assertThat(e.reason()).isEqualTo(Reason.WRONG_NAME);
        return false;
      }
    }

    @Test
    @DisplayName("DNS names without regard to case, the whole of them, no wildcards")
    void matches_dns_names() {
      assertThat(matches("gateway.example", dns("other.example"), dns("Gateway.EXAMPLE"))).isTrue();
      assertThat(matches("gateway.example", dns("example"))).isFalse();
      assertThat(matches("gateway.example", dns("gateway.example.net"))).isFalse();
      assertThat(matches("gateway.example", dns("*.example"))).isFalse();
      assertThat(matches("*.example", dns("*.example"))).isFalse();
      assertThat(matches("gateway.example", ip("192.0.2.1"))).isFalse();
    }

    @Test
    @DisplayName("the CN counts for nothing")
    void ignores_common_name() {
      TestCertificate leaf =
          TestCertificate.leaf("CN=gateway.example", KeyPurposeId.id_kp_serverAuth)
              .issuedBy(issuer);
      assertThat(refusal(SERVER, leaf, issuer)).isEqualTo(Reason.WRONG_NAME);
    }

    @Test
    @DisplayName("IP addresses by their bytes, only against IP names")
    void matches_addresses() {
      assertThat(matches("192.0.2.1", ip("192.0.2.1"))).isTrue();
      assertThat(matches("2001:db8::1", ip("2001:db8::1"))).isTrue();
      assertThat(matches("[2001:DB8:0:0::1]", ip("2001:db8::1"))).isTrue();
      assertThat(matches("::1", ip("::1"))).isTrue();
      assertThat(matches("2001:db8::2", ip("2001:db8::1"))).isFalse();
      assertThat(matches("192.0.2.2", ip("192.0.2.1"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "[",
          "]",
          "[]",
          ":",
          "::::",
          "1.2.3",
          "999.0.0.1",
          "192.0.2.01",
          "1.2.3.4.5",
          ".",
          "fe80::1%lo",
          "a_b.example",
          "gateway.example.",
          " gateway.example",
          "gat\u212away.example"
        })
    @DisplayName("an odd expectation matches nothing, and no resolver is asked")
    void refuses_odd_expectations(String expected) {
      assertThat(matches(expected, dns("gateway.example"), ip("192.0.2.1"), ip("::1"))).isFalse();
    }

    @Test
    @DisplayName("a certificate with a malformed name is refused as a whole (§4.2.1.6)")
    void refuses_malformed_names() {
      for (GeneralName name :
          List.of(
              dns(".gateway.example"),
              dns("gate way.example"),
              dns("gateway_1.example"),
              new GeneralName(GeneralName.iPAddress, new DEROctetString(new byte[5])),
              new GeneralName(GeneralName.rfc822Name, "nobody"))) {
        assertThat(refusal(SERVER, server(dns("gateway.example"), name).issuedBy(issuer), issuer))
            .as(name.toString())
            .isEqualTo(Reason.MALFORMED);
      }
    }
  }

  @Nested
  @DisplayName("through own authorities alone")
  final class Through {
    private final ChainVerifier own = ChainVerifier.through(chain(root), chain(issuer));

    @Test
    @DisplayName("a leaf alone is enough")
    void needs_no_presented_authority() throws Exception {
      own.verify(chain(device("SN-1").issuedBy(issuer)), CLIENT, NOW);
    }

    @Test
    @DisplayName("a presented authority is ignored, even one under the same root")
    void ignores_presented_authorities() {
      TestCertificate foreign = authority("Foreign").issuedBy(root);
      TestCertificate leaf = device("SN-1").issuedBy(foreign);
      assertThat(refusal(own, CLIENT, NOW, chain(leaf, foreign, root)))
          .isEqualTo(Reason.UNKNOWN_ISSUER);
    }

    @Test
    @DisplayName("a namesake of an own authority helps nobody")
    void ignores_namesake_of_own_authority() {
      TestCertificate namesake = authority("Issuer").issuedBy(root);
      assertThat(refusal(own, CLIENT, NOW, chain(device("SN-1").issuedBy(namesake), namesake)))
          .isEqualTo(Reason.BAD_SIGNATURE);
    }
  }

  @Nested
  @DisplayName("without a clock (protocol.md §6)")
  final class Floor {
    private final TestCertificate leaf =
        device("SN-1").from("2026-03-01T00:00:00Z").until("2026-09-01T00:00:00Z").issuedBy(issuer);

    private void verify(ChainVerifier verifier, String floor, TestCertificate... chain)
        throws ChainRefusedException {
      verifier.verifyNotEndedBefore(chain(chain), CLIENT, Instant.parse(floor));
    }

    @Test
    @DisplayName("what begins after the floor has begun: it exists")
    void accepts_begin_after_floor() throws Exception {
      verify(verifier, "2020-01-01T00:00:00Z", leaf, issuer);
    }

    @Test
    @DisplayName("the same with own authorities, which nobody presents")
    void accepts_begin_of_own_authority_after_floor() throws Exception {
      TestCertificate late = authority("Late").from("2026-05-01T00:00:00Z").issuedBy(root);
      verify(
          ChainVerifier.through(chain(root), chain(late)),
          "2020-01-01T00:00:00Z",
          device("SN-1").issuedBy(late));
    }

    @Test
    @DisplayName("what ended before the floor is refused")
    void refuses_end_before_floor() {
      var refused =
          catchThrowableOfType(
              ChainRefusedException.class,
              () -> verify(verifier, "2026-09-01T00:00:01Z", leaf, issuer));
      assertThat(refused.reason()).isEqualTo(Reason.EXPIRED);
    }

    @Test
    @DisplayName("what ended before another certificate of its path began is refused")
    void refuses_end_before_begin_of_issuer() {
      TestCertificate later =
          authority("Issuer").keys(issuer.keys()).from("2026-10-01T00:00:00Z").issuedBy(root);
      var refused =
          catchThrowableOfType(
              ChainRefusedException.class,
              () -> verify(verifier, "2020-01-01T00:00:00Z", leaf, later));
      assertThat(refused.reason()).isEqualTo(Reason.EXPIRED);
    }

    @Test
    @DisplayName("a stray certificate from the future in the list changes nothing")
    void ignores_stray_from_future() throws Exception {
      TestCertificate stray =
          authority("Stray")
              .from("2090-01-01T00:00:00Z")
              .until("2099-01-01T00:00:00Z")
              .selfSigned();
      verify(verifier, "2020-01-01T00:00:00Z", leaf, issuer, stray);
    }

    @Test
    @DisplayName("an empty list is refused here too")
    void refuses_empty_list() {
      var refused =
          catchThrowableOfType(
              ChainRefusedException.class, () -> verify(verifier, "2020-01-01T00:00:00Z"));
      assertThat(refused.reason()).isEqualTo(Reason.NO_CERTIFICATE);
    }
  }

  @Nested
  @DisplayName("lapsed chains, which open renewal alone")
  final class Lapsed {
    private static final Duration GRACE = Duration.ofDays(400);
    private final TestCertificate leaf =
        device("SN-1").until("2026-04-01T00:00:00Z").issuedBy(issuer);

    private LapsedChain lapsed(String at, TestCertificate... chain) throws ChainRefusedException {
      return verifier.verifyLapsed(chain(chain), CLIENT, Instant.parse(at), GRACE);
    }

    private Reason lapsedRefusal(String at, TestCertificate... chain) {
      return catchThrowableOfType(ChainRefusedException.class, () -> lapsed(at, chain)).reason();
    }

    @Test
    @DisplayName("a leaf that ended, though its issuer has ended since")
    void accepts_lapsed_leaf() throws Exception {
      assertThat(lapsed("2027-03-01T00:00:00Z", leaf, issuer).leaf()).isEqualTo(leaf.certificate());
      assertThat(lapsed("2027-05-06T00:00:00Z", leaf, issuer).fingerprint())
          .isEqualTo(Certificates.fingerprint(leaf.certificate()));
    }

    @Test
    @DisplayName("not after the grace")
    void refuses_lapsed_too_long() {
      assertThat(lapsedRefusal("2027-05-06T00:00:01Z", leaf, issuer))
          .isEqualTo(Reason.LAPSED_TOO_LONG);
    }

    @Test
    @DisplayName("a leaf that never was good is refused for that")
    void refuses_bad_lapsed_chain() {
      TestCertificate namesake = authority("Root").selfSigned();
      TestCertificate forged = device("SN-1").until("2026-04-01T00:00:00Z").issuedBy(namesake);
      assertThat(lapsedRefusal("2026-05-01T00:00:00Z", forged)).isEqualTo(Reason.BAD_SIGNATURE);
      TestCertificate serverLeaf =
          server(dns("gateway.example")).until("2026-04-01T00:00:00Z").issuedBy(issuer);
      assertThat(lapsedRefusal("2026-05-01T00:00:00Z", serverLeaf, issuer))
          .isEqualTo(Reason.WRONG_PURPOSE);
      assertThat(lapsedRefusal("2026-05-01T00:00:00Z")).isEqualTo(Reason.NO_CERTIFICATE);
    }

    @Test
    @DisplayName("an issuer that had ended before the leaf did")
    void refuses_issuer_that_ended_first() {
      TestCertificate old = authority("Old").until("2026-03-01T00:00:00Z").issuedBy(root);
      TestCertificate later = device("SN-1").until("2026-04-01T00:00:00Z").issuedBy(old);
      assertThat(lapsedRefusal("2026-05-01T00:00:00Z", later, old)).isEqualTo(Reason.EXPIRED);
    }

    @Test
    @DisplayName("a leaf that has not ended is the caller's mistake")
    void refuses_living_leaf() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> lapsed("2026-04-01T00:00:00Z", leaf, issuer));
    }
  }

  @Test
  @DisplayName("a loop of cross-signed authorities ends after few steps, with no path found")
  void ends_on_loop() {
    var authorities = new ArrayList<TestCertificate>();
    var first = authority("Loop").selfSigned();
    var second = authority("Loop").selfSigned();
    authorities.add(first);
    authorities.add(second);
    while (authorities.size() < 9) {
      var keys = authorities.size() % 2 == 0 ? first.keys() : second.keys();
      var signer = authorities.size() % 2 == 0 ? second : first;
      authorities.add(authority("Loop").keys(keys).issuedBy(signer));
    }
    var list = new ArrayList<>(List.of(device("SN-1").issuedBy(first)));
    list.addAll(authorities);
    assertThat(refusal(CLIENT, list.toArray(TestCertificate[]::new)))
        .isEqualTo(Reason.UNKNOWN_ISSUER);
  }

  @Test
  @DisplayName("many authorities of the anchor's own name cost a bounded number of attempts")
  void ends_on_namesakes_of_anchor() {
    var list = new ArrayList<TestCertificate>();
    TestCertificate namesake = authority("Root").selfSigned();
    list.add(device("SN-1").issuedBy(namesake));
    for (int i = 0; i < 9; i++) {
      list.add(authority("Root").keys(namesake.keys()).selfSigned());
    }
    assertThat(refusal(CLIENT, list.toArray(TestCertificate[]::new)))
        .isEqualTo(Reason.BAD_SIGNATURE);
  }
}
