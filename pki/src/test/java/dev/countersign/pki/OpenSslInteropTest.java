// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.pki.OpenSsl.Run;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.x509.Certificates;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A validator no one here wrote, in its strict mode, agrees with what is issued. */
final class OpenSslInteropTest {
  private static final Instant AT = TestAuthorities.AT;

  @TempDir private Path directory = Path.of("unset");
  private final SigningKey deviceKey = SigningKey.generate(KeyKind.P256, TestAuthorities.RANDOM);
  private final SigningKey serverKey = SigningKey.generate(KeyKind.P256, TestAuthorities.RANDOM);
  private final TestAuthorities ca;

  OpenSslInteropTest() throws Exception {
    TestAuthorities made = TestAuthorities.create();
    ca =
        new TestAuthorities(
            made.root(),
            issuing(made, new AuthorityProfile.DeviceAuthority(), deviceKey),
            made.hub(),
            issuing(made, new AuthorityProfile.ServerAuthority(TestAuthorities.GATEWAY), serverKey),
            made.operators());
  }

  private static CertificateAuthority issuing(
      TestAuthorities made, AuthorityProfile profile, SigningKey key) throws Exception {
    return new CertificateAuthority(
        made.root()
            .issueAuthority(profile, key.publicKey(), "With known key " + profile.profile(), AT),
        key,
        TestAuthorities.RANDOM);
  }

  @BeforeEach
  void writeAuthorities() {
    OpenSsl.in(directory)
        .file("root.pem", Certificates.toPem(ca.root().certificate()))
        .file("device.pem", Certificates.toPem(ca.device().certificate()))
        .file("hub.pem", Certificates.toPem(ca.hub().certificate()))
        .file("server.pem", Certificates.toPem(ca.server().certificate()))
        .file("operators.pem", Certificates.toPem(ca.operators().certificate()));
  }

  @ParameterizedTest
  @EnumSource(DeviceValidity.class)
  void accepts_a_device(DeviceValidity validity) {
    assertAccepted(verify(ca.deviceLeaf(validity), "device", "sslclient", AT));
  }

  @Test
  @DisplayName("A device's certificate does not serve as a server's")
  void refuses_a_device_as_server() {
    assertThat(verify(ca.deviceLeaf(DeviceValidity.RENEWED), "device", "sslserver", AT).exitCode())
        .isNotZero();
  }

  @Test
  @DisplayName("A server is accepted under each of its names, and under no other")
  void accepts_a_server() throws Exception {
    X509Certificate leaf = ca.serverLeaf("localhost", "gw.example", "127.0.0.1", "::1");

    assertAccepted(verify(leaf, "server", "sslserver", AT, "-verify_hostname", "localhost"));
    assertAccepted(verify(leaf, "server", "sslserver", AT, "-verify_hostname", "gw.example"));
    assertAccepted(verify(leaf, "server", "sslserver", AT, "-verify_ip", "127.0.0.1"));
    assertAccepted(verify(leaf, "server", "sslserver", AT, "-verify_ip", "::1"));
    assertThat(
            verify(leaf, "server", "sslserver", AT, "-verify_hostname", "other.example").exitCode())
        .isNotZero();
  }

  @Test
  void accepts_a_server_with_addresses_alone() throws Exception {
    assertAccepted(verify(ca.serverLeaf("127.0.0.1", "::1"), "server", "sslserver", AT));
  }

  @Test
  void accepts_a_name_in_the_hubs_domain() throws Exception {
    X509Certificate leaf =
        ca.hub()
            .issueServer(
                TestAuthorities.freshKey(),
                TestAuthorities.names("4711.hub.countersign.invalid"),
                AT);

    assertAccepted(verify(leaf, "hub", "sslserver", AT));
  }

  @Test
  @DisplayName("A hub without end is accepted by its one name, below a line's authority as well")
  void accepts_a_hub() throws Exception {
    HubName name = TestAuthorities.hubName(HubId.random(TestAuthorities.RANDOM));
    SigningKey lineKey = SigningKey.generate(KeyKind.P256, TestAuthorities.RANDOM);
    X509Certificate line =
        ca.root()
            .issueAuthority(
                new AuthorityProfile.HubAuthority(TestAuthorities.HUB_DOMAIN),
                lineKey.publicKey(),
                "Maker Line 1",
                AT,
                AT.plus(Duration.ofDays(90)));
    OpenSsl.in(directory).file("line.pem", Certificates.toPem(line));
    X509Certificate ofTheLine =
        new CertificateAuthority(line, lineKey, TestAuthorities.RANDOM)
            .issueHub(TestAuthorities.request(), name, AT);
    X509Certificate leaf = ca.hub().issueHub(TestAuthorities.request(), name, AT);
    String host = name.host().text();

    assertAccepted(verify(leaf, "hub", "sslserver", AT, "-verify_hostname", host));
    assertAccepted(verify(ofTheLine, "line", "sslserver", AT, "-verify_hostname", host));
    assertRefused(
        verify(leaf, "hub", "sslserver", AT, "-verify_hostname", "a." + host), "mismatch");
    assertThat(verify(leaf, "hub", "sslclient", AT).exitCode()).isNotZero();
    // Who compares dates with a clock finds the line ended; the hub itself has no end.
    Instant later = AT.plus(Duration.ofDays(91));
    assertRefused(verify(ofTheLine, "line", "sslserver", later), "expired");
  }

  @Test
  @DisplayName("A phone is accepted under its own hub's root alone, for ever")
  void accepts_a_phone_under_its_hubs_root() {
    CertificateAuthority phones = phoneRoot();
    X509Certificate phone = phones.issuePhone(TestAuthorities.request(), "Ada", AT);
    OpenSsl openssl =
        OpenSsl.in(directory)
            .file("leaf.pem", Certificates.toPem(phone))
            .file("phones.pem", Certificates.toPem(phones.certificate()))
            .file("others.pem", Certificates.toPem(phoneRoot().certificate()));

    for (Instant at : List.of(AT, Instant.parse("2099-01-01T00:00:00Z"))) {
      assertAccepted(verifyPhone(openssl, "phones.pem", "sslclient", at));
    }
    assertThat(verifyPhone(openssl, "phones.pem", "sslserver", AT).exitCode()).isNotZero();
    assertThat(verifyPhone(openssl, "others.pem", "sslclient", AT).exitCode()).isNotZero();
    assertThat(verifyPhone(openssl, "root.pem", "sslclient", AT).exitCode()).isNotZero();
  }

  private static Run verifyPhone(OpenSsl openssl, String root, String purpose, Instant at) {
    return openssl.run(
        "verify",
        "-x509_strict",
        "-purpose",
        purpose,
        "-attime",
        seconds(at),
        "-CAfile",
        root,
        "leaf.pem");
  }

  private static CertificateAuthority phoneRoot() {
    return CertificateAuthority.createPhoneRoot(
        "0102030405060708",
        SigningKey.generate(KeyKind.P256, TestAuthorities.RANDOM),
        AT,
        TestAuthorities.RANDOM);
  }

  @Test
  void accepts_an_operator_under_the_operators_root() {
    X509Certificate leaf = ca.operators().issueOperator(TestAuthorities.request(), "ada", AT);
    OpenSsl openssl = OpenSsl.in(directory).file("leaf.pem", Certificates.toPem(leaf));

    Run run =
        openssl.run(
            "verify",
            "-x509_strict",
            "-purpose",
            "sslclient",
            "-attime",
            seconds(AT),
            "-CAfile",
            "operators.pem",
            "leaf.pem");
    Run underTheDevicesRoot =
        openssl.run("verify", "-attime", seconds(AT), "-CAfile", "root.pem", "leaf.pem");

    assertAccepted(run);
    assertThat(underTheDevicesRoot.exitCode()).isNotZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "gw.example.evil", "8.8.8.8", "::2"})
  @DisplayName("A stolen server authority cannot certify a name outside its constraints")
  void refuses_a_foreign_server_name(String name) {
    X509Certificate rogue =
        rogue(CertificateProfile.SERVER, ca.server(), serverKey, alternative(name));

    assertRefused(verify(rogue, "server", "sslserver", AT), "permitted subtree violation");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "evil.example", "127.0.0.1", "::1"})
  @DisplayName("A stolen device authority cannot certify any server, by name or address")
  void refuses_a_server_of_the_device_authority(String name) {
    X509Certificate asServer =
        rogue(CertificateProfile.SERVER, ca.device(), deviceKey, alternative(name));
    X509Certificate asDevice =
        rogue(CertificateProfile.DEVICE, ca.device(), deviceKey, alternative(name));

    assertThat(verify(asServer, "device", "sslserver", AT).exitCode()).isNotZero();
    assertRefused(verify(asDevice, "device", "sslclient", AT), "excluded subtree violation");
  }

  @Test
  @DisplayName("A stolen server authority cannot certify a device, although URNs are unconstrained")
  void refuses_a_device_of_the_server_authority() {
    X509Certificate rogue =
        rogue(
            CertificateProfile.DEVICE,
            ca.server(),
            serverKey,
            new GeneralName(GeneralName.uniformResourceIdentifier, TestAuthorities.DEVICE.urn()));

    assertThat(verify(rogue, "server", "sslclient", AT).exitCode()).isNotZero();
  }

  @Test
  @DisplayName("A stolen issuing authority cannot make another authority")
  void refuses_an_authority_below_an_issuing_one() {
    SigningKey key = SigningKey.generate(KeyKind.P256, TestAuthorities.RANDOM);
    X509Certificate below =
        new CertificateDraft(
                CertificateProfile.DEVICE_AUTHORITY,
                new X500Name("CN=Below"),
                key.publicKey(),
                AT,
                AT.plus(Duration.ofDays(1)))
            .sign(ca.device().certificate(), deviceKey, TestAuthorities.RANDOM);
    X509Certificate leaf = leaf(CertificateProfile.DEVICE, below, key, TestAuthorities.freshKey());
    OpenSsl openssl =
        OpenSsl.in(directory)
            .file("leaf.pem", Certificates.toPem(leaf))
            .file(
                "chain.pem",
                Certificates.toPem(below) + Certificates.toPem(ca.device().certificate()));

    assertRefused(
        openssl.run(
            "verify",
            "-attime",
            seconds(AT.plusSeconds(60)),
            "-CAfile",
            "root.pem",
            "-untrusted",
            "chain.pem",
            "leaf.pem"),
        "path length constraint exceeded");
  }

  @Test
  @DisplayName("After 90 days a device's certificate has ended; one without end has not")
  void ends_when_it_should() {
    Instant later = AT.plus(Duration.ofDays(91));

    assertRefused(
        verify(ca.deviceLeaf(DeviceValidity.RENEWED), "device", "sslclient", later), "expired");
    assertAccepted(verify(ca.deviceLeaf(DeviceValidity.WITHOUT_END), "device", "sslclient", later));
  }

  private Run verify(
      X509Certificate leaf, String issuer, String purpose, Instant at, String... more) {
    OpenSsl openssl = OpenSsl.in(directory).file("leaf.pem", Certificates.toPem(leaf));
    var arguments =
        new ArrayList<>(
            List.of(
                "verify",
                "-x509_strict",
                "-purpose",
                purpose,
                "-attime",
                seconds(at),
                "-CAfile",
                "root.pem",
                "-untrusted",
                issuer + ".pem"));
    arguments.addAll(List.of(more));
    arguments.add("leaf.pem");
    return openssl.run(arguments.toArray(String[]::new));
  }

  private static void assertAccepted(Run run) {
    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(run.output()).contains("leaf.pem: OK");
  }

  private static void assertRefused(Run run, String reason) {
    assertThat(run.exitCode()).as(run.output()).isNotZero();
    assertThat(run.output()).contains(reason);
  }

  /** Made with the authority's key, past the authority's own checks. */
  private static X509Certificate rogue(
      CertificateProfile profile, CertificateAuthority ca, SigningKey key, GeneralName name) {
    return new CertificateDraft(
            profile,
            new X500Name("O=Rogue"),
            TestAuthorities.freshKey(),
            AT.minusSeconds(60),
            AT.plus(Duration.ofDays(1)))
        .withAlternativeNames(List.of(name))
        .sign(ca.certificate(), key, TestAuthorities.RANDOM);
  }

  private static X509Certificate leaf(
      CertificateProfile profile, X509Certificate issuer, SigningKey key, PublicKey subject) {
    return new CertificateDraft(
            profile, new X500Name("O=Rogue"), subject, AT, AT.plus(Duration.ofDays(1)))
        .sign(issuer, key, TestAuthorities.RANDOM);
  }

  private static GeneralName alternative(String name) {
    return NameRules.subjectAlternative(TestAuthorities.name(name));
  }

  private static String seconds(Instant at) {
    return Long.toString(at.getEpochSecond());
  }
}
