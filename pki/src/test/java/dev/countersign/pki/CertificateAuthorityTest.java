// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.pki.key.KeyFileException;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.pairing.HubId;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an authority refuses, and where its certificates end. */
final class CertificateAuthorityTest {
  private static final SecureRandom RANDOM = TestAuthorities.RANDOM;
  private static final Instant AT = TestAuthorities.AT;

  private final TestAuthorities ca;

  CertificateAuthorityTest() throws Exception {
    ca = TestAuthorities.create();
  }

  @Test
  @DisplayName("A key that is not the certificate's is refused, of the same kind or another")
  void refuses_a_foreign_key() {
    for (KeyKind kind : List.of(KeyKind.P256, KeyKind.P384, KeyKind.RSA_2048)) {
      SigningKey foreign = SigningKey.generate(kind, RANDOM);

      assertThatThrownBy(() -> new CertificateAuthority(ca.device().certificate(), foreign, RANDOM))
          .isInstanceOf(KeyFileException.class)
          .hasMessageContaining("Maker Devices 1")
          .hasMessageContaining("expected the key of its certificate");
    }
  }

  @Test
  void refuses_an_end_entity_as_authority() {
    SigningKey key = SigningKey.generate(KeyKind.P256, RANDOM);
    X509Certificate leaf = leaf(key);

    assertThatThrownBy(() -> new CertificateAuthority(leaf, key, RANDOM))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("may sign certificates");
  }

  @Test
  @DisplayName("The server authority refuses every name outside its constraints, and says which")
  void refuses_foreign_server_names() {
    for (String name : List.of("evil.example", "xlocalhost", "gw.example.org", "8.8.8.8", "::2")) {
      assertThatThrownBy(() -> ca.serverLeaf("localhost", name))
          .isInstanceOf(NameNotPermittedException.class)
          .hasMessageContaining("expected localhost, gw.example, 127.0.0.1")
          .hasMessageContaining("got ")
          .hasMessageContaining(TestAuthorities.name(name).text());
    }
  }

  @Test
  @DisplayName("Names below a permitted one are permitted (RFC 5280 §4.2.1.10)")
  void permits_names_below() throws Exception {
    assertThat(ca.serverLeaf("eu.gw.example").getSubjectX500Principal().getName())
        .isEqualTo("CN=eu.gw.example,O=Maker");
    assertThat(ca.hub().permits(TestAuthorities.name("4711.hub.countersign.invalid"))).isTrue();
    assertThat(ca.hub().permits(TestAuthorities.name("gw.example"))).isFalse();
    assertThat(ca.hub().permits(TestAuthorities.name("10.0.0.1"))).isFalse();
    assertThat(ca.device().permits(TestAuthorities.name("gw.example"))).isFalse();
    assertThat(ca.device().permits(TestAuthorities.name("::1"))).isFalse();
  }

  @Test
  @DisplayName("Each authority issues its own kind of certificate and no other")
  void keeps_to_its_purpose() {
    VerifiedRequest request = TestAuthorities.request();
    for (CertificateAuthority other : List.of(ca.root(), ca.hub(), ca.server(), ca.operators())) {
      assertThatThrownBy(
              () -> other.issueDevice(request, TestAuthorities.DEVICE, DeviceValidity.RENEWED, AT))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("1.3.6.1.5.5.7.3.2");
    }
    for (CertificateAuthority other : List.of(ca.root(), ca.device(), ca.operators())) {
      assertThatThrownBy(() -> other.issueServer(request.publicKey(), TestAuthorities.GATEWAY, AT))
          .isInstanceOf(IllegalStateException.class);
    }
    for (CertificateAuthority other : List.of(ca.root(), ca.device(), ca.hub(), ca.server())) {
      assertThatThrownBy(() -> other.issueOperator(request, "ada", AT))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  @DisplayName("Hubs come from a hubs' authority, within its domain; phones from a hub's own root")
  void keeps_hubs_and_phones_apart() throws Exception {
    HubId id = HubId.random(RANDOM);
    CertificateAuthority phones =
        CertificateAuthority.createPhoneRoot(
            id.toString(), SigningKey.generate(KeyKind.P256, RANDOM), AT, RANDOM);
    VerifiedRequest request = TestAuthorities.request();
    HubName name = TestAuthorities.hubName(id);
    var elsewhere =
        new HubName(TestAuthorities.DEVICE, id, new ServerName.Dns("hub.other.invalid"));

    for (CertificateAuthority other : List.of(ca.root(), ca.device(), ca.operators(), phones)) {
      assertThatThrownBy(() -> other.issueHub(request, name, AT))
          .as(other.toString())
          .isInstanceOf(IllegalStateException.class);
    }
    assertThatThrownBy(() -> ca.server().issueHub(request, name, AT))
        .isInstanceOf(NameNotPermittedException.class);
    assertThatThrownBy(() -> ca.hub().issueHub(request, elsewhere, AT))
        .isInstanceOf(NameNotPermittedException.class)
        .hasMessageContaining("hub.other.invalid");
    for (CertificateAuthority other :
        List.of(ca.root(), ca.device(), ca.hub(), ca.server(), ca.operators())) {
      assertThatThrownBy(() -> other.issuePhone(request, "Ada", AT))
          .as(other.toString())
          .isInstanceOf(IllegalStateException.class);
    }
    assertThatThrownBy(() -> phones.issueOperator(request, "ada", AT))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("A hub outlives its authority, which judges only for how long hubs are made")
  void lets_a_hub_outlive_its_authority() throws Exception {
    HubName name = TestAuthorities.hubName(HubId.random(RANDOM));
    X509Certificate leaf = ca.hub().issueHub(TestAuthorities.request(), name, AT);
    Instant end = ca.hub().certificate().getNotAfter().toInstant();

    assertThat(leaf.getNotAfter().toInstant()).isAfter(end);
    assertThatThrownBy(() -> ca.hub().issueHub(TestAuthorities.request(), name, end))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("if the clock is right");
  }

  @Test
  @DisplayName("A hub's clock in 1970 or 2099 hinders no pairing, in whatever order they come")
  void makes_phones_at_any_time() {
    SigningKey key = SigningKey.generate(KeyKind.P256, RANDOM);
    for (String first : List.of("1970-01-01T00:00:00Z", "2099-06-01T00:00:00Z")) {
      CertificateAuthority phones =
          CertificateAuthority.createPhoneRoot("hub", key, Instant.parse(first), RANDOM);
      for (String then : List.of("1970-01-01T00:00:00Z", "2026-11-22T00:00:00Z", first)) {
        X509Certificate phone =
            phones.issuePhone(TestAuthorities.request(), "Ada", Instant.parse(then));
        assertThat(phone.getNotBefore()).isAfterOrEqualTo(phones.certificate().getNotBefore());
      }
    }
  }

  @Test
  @DisplayName("A line ends when it was told to, and not after the profile's end or its issuer's")
  void ends_a_line_when_told() {
    var hubs = new AuthorityProfile.HubAuthority(TestAuthorities.HUB_DOMAIN);
    for (Instant until : List.of(AT, AT.minusSeconds(1), Instant.parse("2031-11-22T00:00:00Z"))) {
      assertThatThrownBy(
              () -> ca.root().issueAuthority(hubs, TestAuthorities.freshKey(), "Line 1", AT, until))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("until");
    }
  }

  @Test
  @DisplayName("An issuing authority has no room for another (RFC 5280 §4.2.1.9)")
  void keeps_to_its_path_length() {
    for (CertificateAuthority issuing : List.of(ca.device(), ca.server(), ca.operators())) {
      assertThatThrownBy(() ->
              issuing.issueAuthority(
                  new AuthorityProfile.DeviceAuthority(), TestAuthorities.freshKey(), "Below", AT))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("path length");
    }
  }

  @Test
  @DisplayName("An authority does not bear its issuer's name, which would make it self-issued")
  void refuses_the_issuers_name() {
    assertThatThrownBy(() ->
            ca.root()
                .issueAuthority(
                    new AuthorityProfile.DeviceAuthority(),
                    TestAuthorities.freshKey(),
                    "Maker Root 1",
                    AT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("Our own keys go through the key policy as well")
  void refuses_weak_keys_of_its_own() throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024, RANDOM);
    var weak = generator.generateKeyPair().getPublic();

    assertThatThrownBy(() -> ca.server().issueServer(weak, TestAuthorities.GATEWAY, AT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("A certificate ends with its issuer, and begins no earlier")
  void stays_within_its_issuer() throws Exception {
    Instant late = ca.server().certificate().getNotAfter().toInstant().minus(Duration.ofDays(3));

    X509Certificate leaf =
        ca.server().issueServer(TestAuthorities.freshKey(), TestAuthorities.GATEWAY, late);
    X509Certificate early = ca.serverLeaf("localhost");

    assertThat(leaf.getNotAfter()).isEqualTo(ca.server().certificate().getNotAfter());
    assertThat(early.getNotBefore()).isEqualTo(ca.server().certificate().getNotBefore());
  }

  @Test
  @DisplayName("An authority issues nothing after its end, nor before its beginning")
  void refuses_outside_its_validity() {
    Instant begins = ca.server().certificate().getNotBefore().toInstant();
    Instant ends = ca.server().certificate().getNotAfter().toInstant();
    for (Instant at : List.of(ends, ends.plusSeconds(1), begins.minusSeconds(1))) {
      assertThatThrownBy(() ->
              ca.server().issueServer(TestAuthorities.freshKey(), TestAuthorities.GATEWAY, at))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("an ended authority is replaced");
    }
  }

  @ParameterizedTest
  @EnumSource(KeyKind.class)
  @DisplayName("An authority may sign with any kind of key")
  void signs_with_every_kind_of_key(KeyKind kind) throws Exception {
    CertificateAuthority operators =
        CertificateAuthority.createOperatorRoot(
            "Operators", "Maker", SigningKey.generate(kind, RANDOM), AT, RANDOM);

    operators
        .issueOperator(TestAuthorities.request(), "ada", AT)
        .verify(operators.certificate().getPublicKey());
    operators.certificate().verify(operators.certificate().getPublicKey());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\nb", "a\u0000b"})
  void refuses_unprintable_names(String name) {
    assertThatThrownBy(() -> ca.operators().issueOperator(TestAuthorities.request(), name, AT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("name: expected 1 to 64");
  }

  @Test
  void refuses_a_name_of_65_characters_and_takes_64() {
    assertThatThrownBy(
            () -> ca.operators().issueOperator(TestAuthorities.request(), "x".repeat(65), AT))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(
            ca.operators()
                .issueOperator(TestAuthorities.request(), "x".repeat(64), AT)
                .getSubjectX500Principal()
                .getName())
        .isEqualTo("CN=" + "x".repeat(64));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 4294967296L})
  void refuses_enterprise_numbers_out_of_range(long number) {
    assertThatThrownBy(() -> new DeviceName("Maker", number, new DeviceSerial("SN-1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("privateEnterpriseNumber");
  }

  @Test
  @DisplayName("The longest serial fits a subject's serialNumber")
  void takes_the_longest_serial() {
    var name = new DeviceName("Maker", 1, new DeviceSerial("A".repeat(64)));

    assertThat(
            ca.device()
                .issueDevice(TestAuthorities.request(), name, DeviceValidity.RENEWED, AT)
                .getSubjectX500Principal()
                .getName("RFC1779"))
        .isEqualTo("OID.2.5.4.5=" + "A".repeat(64) + ", O=Maker");
  }

  @Test
  void prints_no_key() {
    assertThat(ca.device()).hasToString("CertificateAuthority[O=Maker,CN=Maker Devices 1]");
  }

  private X509Certificate leaf(SigningKey key) {
    try {
      return ca.server().issueServer(key.publicKey(), TestAuthorities.GATEWAY, AT);
    } catch (NameNotPermittedException e) {
      throw new AssertionError(e);
    }
  }
}
