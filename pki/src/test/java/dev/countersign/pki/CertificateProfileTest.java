// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.x509.Certificates;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each profile as it comes out, read back by the platform's parser. */
final class CertificateProfileTest {
  private static final String CLIENT = "1.3.6.1.5.5.7.3.2";
  private static final String SERVER = "1.3.6.1.5.5.7.3.1";
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final String KEY_USAGE = "2.5.29.15";
  private static final String NAME_CONSTRAINTS = "2.5.29.30";

  private static final int URI = 6;
  private static final int DNS = 2;
  private static final int IP = 7;

  private final TestAuthorities ca;

  CertificateProfileTest() throws Exception {
    ca = TestAuthorities.create();
  }

  @Test
  @DisplayName("Root: P-384, 25 years, room for two authorities below, any purpose and name")
  void makes_the_root() {
    X509Certificate root = ca.root().certificate();

    assertThat(root.getSubjectX500Principal()).isEqualTo(root.getIssuerX500Principal());
    assertThat(root.getSubjectX500Principal().getName()).isEqualTo("CN=Maker Root 1,O=Maker");
    assertThat(root.getSigAlgName()).isEqualTo("SHA384withECDSA");
    assertIsAuthority(root, 2);
    assertThat(root.getCriticalExtensionOIDs())
        .containsExactlyInAnyOrder(BASIC_CONSTRAINTS, KEY_USAGE);
    assertThat(root.getNotBefore().toInstant()).isEqualTo(Instant.parse("2026-11-21T20:25:00Z"));
    assertThat(root.getNotAfter().toInstant()).isEqualTo(Instant.parse("2051-11-21T20:30:00Z"));
  }

  @Test
  @DisplayName("Operators' root: its own, 10 years, no room below, no extended key usage")
  void makes_the_operators_root() throws Exception {
    X509Certificate root = ca.operators().certificate();

    assertThat(root.getSubjectX500Principal()).isEqualTo(root.getIssuerX500Principal());
    assertThat(root.getSigAlgName()).isEqualTo("SHA256withECDSA");
    assertIsAuthority(root, 0);
    assertThat(root.getExtendedKeyUsage()).isNull();
    assertThat(root.getNotAfter().toInstant()).isEqualTo(Instant.parse("2036-11-21T20:30:00Z"));
  }

  @Test
  @DisplayName("Device authority: 5 years, path length 0, excludes every DNS name and address")
  void makes_the_device_authority() throws Exception {
    X509Certificate certificate = ca.device().certificate();

    assertIsIssuingAuthority(certificate, CLIENT);
    NameConstraints constraints = nameConstraints(certificate);
    assertThat(constraints.getPermittedSubtrees()).isNull();
    assertThat(excluded(constraints))
        .containsExactly("2:", "7:#" + "00".repeat(8), "7:#" + "00".repeat(32));
  }

  @Test
  @DisplayName("Hub authority: permits the hubs' domain alone, excludes every address")
  void makes_the_hub_authority() throws Exception {
    X509Certificate certificate = ca.hub().certificate();

    assertIsIssuingAuthority(certificate, SERVER);
    NameConstraints constraints = nameConstraints(certificate);
    assertThat(permitted(constraints)).containsExactly("2:hub.countersign.invalid");
    assertThat(excluded(constraints))
        .containsExactly("7:#" + "00".repeat(8), "7:#" + "00".repeat(32));
  }

  @Test
  @DisplayName("Server authority: permits the gateway's names and addresses alone")
  void makes_the_server_authority() throws Exception {
    X509Certificate certificate = ca.server().certificate();

    assertIsIssuingAuthority(certificate, SERVER);
    NameConstraints constraints = nameConstraints(certificate);
    assertThat(permitted(constraints))
        .containsExactly(
            "2:localhost",
            "2:gw.example",
            "7:#7f000001ffffffff",
            "7:#" + "00".repeat(15) + "01" + "ff".repeat(16));
    assertThat(constraints.getExcludedSubtrees()).isNull();
  }

  @Test
  @DisplayName("A server authority without addresses excludes them all, and so for DNS names")
  void leaves_no_kind_of_name_unconstrained() throws Exception {
    NameConstraints namesOnly =
        NameRules.of(new AuthorityProfile.ServerAuthority(TestAuthorities.names("gw.example")))
            .toAsn1();
    NameConstraints addressesOnly =
        NameRules.of(new AuthorityProfile.ServerAuthority(TestAuthorities.names("10.0.0.1")))
            .toAsn1();

    assertThat(excluded(namesOnly)).hasSize(2).allMatch(name -> name.startsWith("7:"));
    assertThat(excluded(addressesOnly)).containsExactly("2:");
  }

  @Test
  @DisplayName("Device: O and serialNumber, a URN (RFC 9039), clientAuth, 90 days")
  void makes_a_device() throws Exception {
    X509Certificate leaf = ca.deviceLeaf(DeviceValidity.RENEWED);

    assertThat(leaf.getSubjectX500Principal().getName("RFC1779"))
        .isEqualTo("OID.2.5.4.5=SN-0001, O=Maker & Söhne");
    assertIsEndEntity(leaf, ca.device(), CLIENT);
    assertThat(leaf.getSubjectAlternativeNames())
        .containsExactly(List.of(URI, "urn:dev:os:32473-SN-0001"));
    assertThat(leaf.getNotBefore().toInstant()).isEqualTo(Instant.parse("2026-11-21T20:25:00Z"));
    assertThat(leaf.getNotAfter().toInstant()).isEqualTo(Instant.parse("2027-02-19T20:30:00Z"));
  }

  @Test
  @DisplayName("Device without a clock: 99991231235959Z as GeneralizedTime (RFC 5280 §4.1.2.5)")
  void makes_a_device_without_end() {
    X509Certificate leaf = ca.deviceLeaf(DeviceValidity.WITHOUT_END);
    Certificate asn1 = Certificate.getInstance(Certificates.der(leaf));

    assertThat(asn1.getEndDate().toASN1Primitive()).isInstanceOf(ASN1GeneralizedTime.class);
    assertThat(asn1.getEndDate().getTime()).isEqualTo("99991231235959GMT+00:00");
    assertThat(asn1.getStartDate().toASN1Primitive()).isInstanceOf(ASN1UTCTime.class);
  }

  @Test
  @DisplayName("Server: names as given, the first DNS name as CN, serverAuth, 90 days")
  void makes_a_server() throws Exception {
    X509Certificate leaf = ca.serverLeaf("127.0.0.1", "gw.example", "localhost", "::1");

    assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=gw.example,O=Maker");
    assertIsEndEntity(leaf, ca.server(), SERVER);
    assertThat(leaf.getSubjectAlternativeNames())
        .containsExactly(
            List.of(IP, "127.0.0.1"),
            List.of(DNS, "gw.example"),
            List.of(DNS, "localhost"),
            List.of(IP, "0:0:0:0:0:0:0:1"));
    assertThat(leaf.getNotAfter().toInstant()).isEqualTo(Instant.parse("2027-02-19T20:30:00Z"));
  }

  @Test
  @DisplayName("An address never becomes a CN, which some validators would take for a DNS name")
  void keeps_addresses_out_of_the_subject() throws Exception {
    assertThat(ca.serverLeaf("127.0.0.1").getSubjectX500Principal().getName()).isEqualTo("O=Maker");
  }

  @Test
  @DisplayName("Operator: CN, a random UUID, clientAuth, one year")
  void makes_an_operator() throws Exception {
    X509Certificate leaf =
        ca.operators().issueOperator(TestAuthorities.request(), "ada", TestAuthorities.AT);
    X509Certificate again =
        ca.operators().issueOperator(TestAuthorities.request(), "ada", TestAuthorities.AT);

    assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=ada");
    assertIsEndEntity(leaf, ca.operators(), CLIENT);
    assertThat(leaf.getSubjectAlternativeNames())
        .singleElement()
        .satisfies(name ->
            assertThat((String) name.get(1))
                .matches(
                    "urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    assertThat(leaf.getSubjectAlternativeNames()).isNotEqualTo(again.getSubjectAlternativeNames());
    assertThat(leaf.getNotAfter().toInstant()).isEqualTo(Instant.parse("2027-11-21T20:30:00Z"));
  }

  @Test
  @DisplayName("Hub: O and serialNumber, its id as DNS name, a URN, serverAuth, no end")
  void makes_a_hub() throws Exception {
    HubName name = TestAuthorities.hubName(HubId.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
    X509Certificate leaf = ca.hub().issueHub(TestAuthorities.request(), name, TestAuthorities.AT);

    assertThat(leaf.getSubjectX500Principal().getName("RFC1779"))
        .isEqualTo("OID.2.5.4.5=SN-0001, O=Maker & Söhne");
    assertIsEndEntity(leaf, ca.hub(), SERVER);
    assertThat(leaf.getSubjectAlternativeNames())
        .containsExactly(
            List.of(DNS, "0102030405060708.hub.countersign.invalid"),
            List.of(URI, "urn:dev:os:32473-SN-0001"));
    assertThat(leaf.getNotBefore().toInstant()).isEqualTo(Instant.parse("2026-11-21T20:25:00Z"));
    assertHasNoEnd(leaf);
  }

  @Test
  @DisplayName("Phone: CN and a random serialNumber, its UUID, clientAuth, no end; so its root")
  void makes_a_phone() throws Exception {
    CertificateAuthority phones =
        CertificateAuthority.createPhoneRoot(
            "0102030405060708",
            SigningKey.generate(KeyKind.P256, TestAuthorities.RANDOM),
            TestAuthorities.AT,
            TestAuthorities.RANDOM);
    X509Certificate leaf =
        phones.issuePhone(TestAuthorities.request(), "Ada’s phone", TestAuthorities.AT);
    X509Certificate again =
        phones.issuePhone(TestAuthorities.request(), "Ada’s phone", TestAuthorities.AT);
    String subject = leaf.getSubjectX500Principal().getName("RFC1779");

    assertIsEndEntity(leaf, phones, CLIENT);
    assertThat(subject).matches("OID.2.5.4.5=[0-9a-f-]{36}, CN=Ada’s phone");
    assertThat(leaf.getSubjectAlternativeNames())
        .containsExactly(List.of(URI, "urn:uuid:" + subject.substring(12, 48)));
    assertThat(again.getSubjectX500Principal()).isNotEqualTo(leaf.getSubjectX500Principal());
    assertHasNoEnd(leaf);
    X509Certificate root = phones.certificate();
    assertThat(root.getSubjectX500Principal().getName()).isEqualTo("CN=0102030405060708");
    assertThat(root.getIssuerX500Principal()).isEqualTo(root.getSubjectX500Principal());
    assertIsAuthority(root, 0);
    assertThat(root.getExtendedKeyUsage()).containsExactly(CLIENT);
    assertHasNoEnd(root);
  }

  @Test
  @DisplayName("A line's authority: a hub authority with an end of its own")
  void makes_a_lines_authority() throws Exception {
    Instant until = Instant.parse("2027-02-19T00:00:00Z");
    X509Certificate line =
        ca.root()
            .issueAuthority(
                new AuthorityProfile.HubAuthority(TestAuthorities.HUB_DOMAIN),
                TestAuthorities.freshKey(),
                "Maker Line 1",
                TestAuthorities.AT,
                until);

    assertThat(line.getNotAfter().toInstant()).isEqualTo(until);
    assertIsAuthority(line, 0);
    assertThat(line.getExtendedKeyUsage()).containsExactly(SERVER);
    assertThat(permitted(nameConstraints(line))).containsExactly("2:hub.countersign.invalid");
    assertThat(excluded(nameConstraints(line))).hasSize(2);
    assertThat(line.getCriticalExtensionOIDs())
        .containsExactlyInAnyOrder(BASIC_CONSTRAINTS, KEY_USAGE, NAME_CONSTRAINTS);
  }

  /** RFC 5280 §4.1.2.5. */
  private static void assertHasNoEnd(X509Certificate certificate) {
    assertThat(certificate.getNotAfter().toInstant())
        .isEqualTo(Instant.parse("9999-12-31T23:59:59Z"));
  }

  @Test
  @DisplayName("Serial numbers are positive, of up to 127 bits, and distinct (RFC 5280 §4.1.2.2)")
  void draws_serial_numbers() {
    VerifiedRequest request = TestAuthorities.request();
    var numbers =
        Stream.generate(() ->
                ca.device()
                    .issueDevice(
                        request,
                        TestAuthorities.DEVICE,
                        DeviceValidity.RENEWED,
                        TestAuthorities.AT))
            .limit(300)
            .map(X509Certificate::getSerialNumber)
            .toList();

    assertThat(Set.copyOf(numbers)).hasSize(300);
    assertThat(numbers)
        .allSatisfy(number -> {
          assertThat(number).isPositive();
          assertThat(number.bitLength()).isLessThanOrEqualTo(127);
        });
    // Fewer bits would come up once in 2^37 numbers.
    assertThat(numbers).allMatch(number -> number.bitLength() > 90);
  }

  private void assertIsIssuingAuthority(X509Certificate certificate, String purpose)
      throws Exception {
    certificate.verify(ca.root().certificate().getPublicKey());
    assertThat(certificate.getIssuerX500Principal())
        .isEqualTo(ca.root().certificate().getSubjectX500Principal());
    assertThat(certificate.getSigAlgName()).isEqualTo("SHA384withECDSA");
    assertIsAuthority(certificate, 0);
    assertThat(certificate.getExtendedKeyUsage()).containsExactly(purpose);
    assertThat(certificate.getCriticalExtensionOIDs())
        .containsExactlyInAnyOrder(BASIC_CONSTRAINTS, KEY_USAGE, NAME_CONSTRAINTS);
    assertThat(certificate.getNotAfter().toInstant())
        .isEqualTo(Instant.parse("2031-11-21T20:30:00Z"));
    assertThat(authorityKey(certificate)).isEqualTo(subjectKey(ca.root().certificate()));
  }

  private static void assertIsAuthority(X509Certificate certificate, int pathLength) {
    assertThat(certificate.getVersion()).isEqualTo(3);
    assertThat(certificate.getBasicConstraints()).isEqualTo(pathLength);
    assertThat(keyUsage(certificate)).containsExactly(5, 6);
    assertHasItsOwnKeyIdentifier(certificate);
  }

  private static void assertIsEndEntity(
      X509Certificate leaf, CertificateAuthority issuer, String purpose) throws Exception {
    leaf.verify(issuer.certificate().getPublicKey());
    assertThat(leaf.getVersion()).isEqualTo(3);
    assertThat(leaf.getIssuerX500Principal())
        .isEqualTo(issuer.certificate().getSubjectX500Principal());
    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    assertThat(keyUsage(leaf)).containsExactly(0);
    assertThat(leaf.getExtendedKeyUsage()).containsExactly(purpose);
    assertThat(leaf.getCriticalExtensionOIDs()).containsExactly(KEY_USAGE);
    assertThat(authorityKey(leaf)).isEqualTo(subjectKey(issuer.certificate()));
    assertHasItsOwnKeyIdentifier(leaf);
  }

  /** RFC 7093 §2, method 1. */
  private static void assertHasItsOwnKeyIdentifier(X509Certificate certificate) {
    byte[] bits =
        SubjectPublicKeyInfo.getInstance(certificate.getPublicKey().getEncoded())
            .getPublicKeyData()
            .getOctets();
    assertThat(subjectKey(certificate)).isEqualTo(Arrays.copyOf(Sha256.of(bits).bytes(), 20));
  }

  private static List<Integer> keyUsage(X509Certificate certificate) {
    boolean[] usage = certificate.getKeyUsage();
    return Stream.iterate(0, i -> i + 1).limit(usage.length).filter(i -> usage[i]).toList();
  }

  private static byte[] subjectKey(X509Certificate certificate) {
    return SubjectKeyIdentifier.getInstance(
            extension(certificate, Extension.subjectKeyIdentifier.getId()))
        .getKeyIdentifier();
  }

  private static byte[] authorityKey(X509Certificate certificate) {
    return AuthorityKeyIdentifier.getInstance(
            extension(certificate, Extension.authorityKeyIdentifier.getId()))
        .getKeyIdentifierOctets();
  }

  private static NameConstraints nameConstraints(X509Certificate certificate) {
    return NameConstraints.getInstance(extension(certificate, NAME_CONSTRAINTS));
  }

  private static byte[] extension(X509Certificate certificate, String oid) {
    return ASN1OctetString.getInstance(certificate.getExtensionValue(oid)).getOctets();
  }

  private static List<String> permitted(NameConstraints constraints) {
    return Arrays.stream(constraints.getPermittedSubtrees())
        .map(subtree -> text(subtree.getBase()))
        .toList();
  }

  private static List<String> excluded(NameConstraints constraints) {
    return Arrays.stream(constraints.getExcludedSubtrees())
        .map(subtree -> text(subtree.getBase()))
        .toList();
  }

  private static String text(GeneralName name) {
    return name.getTagNo() + ":" + name.getName();
  }
}
