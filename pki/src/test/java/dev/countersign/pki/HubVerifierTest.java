// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.HubVerifier;
import dev.countersign.protocol.pairing.PresentedHub;
import dev.countersign.protocol.pairing.VerifiedHub;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.protocol.x509.ChainRefusedException;
import dev.countersign.protocol.x509.ChainRefusedException.Reason;
import dev.countersign.protocol.x509.ChainVerifier;
import dev.countersign.protocol.x509.Purpose;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Every kind of certificate this project issues, shown to a phone as the hub it looks for. */
@DisplayName("Who a hub is: chain, id, usage and key")
final class HubVerifierTest {
  private static final Instant AT = TestAuthorities.AT;
  private static final HubId ID = HubId.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
  private static final HubId OTHER_ID = HubId.wrap(new byte[] {8, 7, 6, 5, 4, 3, 2, 1});

  private final TestAuthorities ca;
  private final SigningKey lineKey = SigningKey.generate(KeyKind.P256, TestAuthorities.RANDOM);
  private final CertificateAuthority line;
  private final X509Certificate hub;
  private final HubVerifier verifier;

  HubVerifierTest() throws Exception {
    ca = TestAuthorities.create();
    line = line(ca.root(), lineKey, AT.plus(Duration.ofDays(90)));
    hub = hub(line, ID);
    verifier = HubVerifier.ofMakers(List.of(ca.root().certificate()));
  }

  private static CertificateAuthority line(CertificateAuthority root, SigningKey key, Instant until)
      throws Exception {
    return new CertificateAuthority(
        root.issueAuthority(
            new AuthorityProfile.HubAuthority(TestAuthorities.HUB_DOMAIN),
            key.publicKey(),
            "Maker Line 1",
            AT,
            until),
        key,
        TestAuthorities.RANDOM);
  }

  private static X509Certificate hub(CertificateAuthority line, HubId id) throws Exception {
    return line.issueHub(
        TestAuthorities.request(), TestAuthorities.hubName(id), AT.plusSeconds(60));
  }

  private List<X509Certificate> chain(X509Certificate leaf, CertificateAuthority issuer) {
    return List.of(leaf, issuer.certificate(), ca.root().certificate());
  }

  private Reason refusal(List<X509Certificate> presented) {
    return refusal(verifier, presented, ID, Certificates.keyHash(presented.getFirst()));
  }

  private static Reason refusal(
      HubVerifier verifier, List<X509Certificate> presented, HubId id, Sha256 key) {
    var refused =
        catchThrowableOfType(
            ChainRefusedException.class, () -> verifier.verify(presented, id, key));
    assertThat(refused).as("refusal").isNotNull();
    return refused.reason();
  }

  @Test
  @DisplayName("The hub that is meant is accepted, with and without the root in its list")
  void accepts_the_hub_that_is_meant() throws Exception {
    VerifiedHub verified = verifier.verify(chain(hub, line), ID, Certificates.keyHash(hub));

    assertThat(verified.id()).isEqualTo(ID);
    assertThat(verified.key()).isEqualTo(Certificates.keyHash(hub));
    assertThat(verified.leaf()).isEqualTo(hub);
    assertThat(verified.root()).isEqualTo(ca.root().certificate());
    assertThat(verified.chain()).isEqualTo(chain(hub, line));
    assertThat(
            verifier
                .verify(List.of(hub, line.certificate()), ID, Certificates.keyHash(hub))
                .chain())
        .isEqualTo(chain(hub, line));
  }

  @Test
  @DisplayName("An authority that has ended since leaves the hubs it made alone; no clock is asked")
  void accepts_a_hub_whose_authority_has_ended() throws Exception {
    CertificateAuthority short_ = line(ca.root(), lineKey, AT.plusSeconds(120));
    X509Certificate leaf = hub(short_, ID);

    assertThat(leaf.getNotAfter()).isAfter(short_.certificate().getNotAfter());
    verifier.verify(chain(leaf, short_), ID, Certificates.keyHash(leaf));
    // The same chain by the ordinary rule, at any time after the authority's end: refused.
    var ordinary = ChainVerifier.trusting(List.of(ca.root().certificate()));
    var purpose = new Purpose.TlsServer(TestAuthorities.hubName(ID).host().text());
    assertThat(
            catchThrowableOfType(
                    ChainRefusedException.class,
                    () ->
                        ordinary.verify(chain(leaf, short_), purpose, AT.plus(Duration.ofDays(1))))
                .reason())
        .isEqualTo(Reason.EXPIRED);
  }

  @Test
  @DisplayName("What an authority signs after its end is refused")
  void refuses_a_hub_issued_after_the_end() {
    Instant end = line.certificate().getNotAfter().toInstant();
    X509Certificate late = forged(CertificateProfile.HUB, end.plusSeconds(1), WITHOUT_END, ID);

    assertThat(refusal(chain(late, line))).isEqualTo(Reason.EXPIRED);
  }

  @Test
  @DisplayName("Another genuine hub of the maker is refused, by its id")
  void refuses_another_genuine_hub() throws Exception {
    X509Certificate other = hub(line, OTHER_ID);

    assertThat(refusal(verifier, chain(other, line), ID, Certificates.keyHash(hub)))
        .isEqualTo(Reason.WRONG_NAME);
    assertThat(refusal(chain(other, line))).isEqualTo(Reason.WRONG_NAME);
  }

  @Test
  @DisplayName("A genuine certificate of this very id with another key is refused")
  void refuses_another_key_under_the_same_id() throws Exception {
    X509Certificate second = hub(line, ID);

    assertThat(refusal(verifier, chain(second, line), ID, Certificates.keyHash(hub)))
        .isEqualTo(Reason.WRONG_KEY);
  }

  @Test
  @DisplayName("A device, an operator, a phone, the gateway and an authority are no hub")
  void refuses_every_other_kind_of_certificate() throws Exception {
    CertificateAuthority phones =
        CertificateAuthority.createPhoneRoot(
            ID.toString(),
            SigningKey.generate(KeyKind.P256, TestAuthorities.RANDOM),
            AT,
            TestAuthorities.RANDOM);
    X509Certificate phone = phones.issuePhone(TestAuthorities.request(), "Ada's phone", AT);
    X509Certificate operator = ca.operators().issueOperator(TestAuthorities.request(), "ada", AT);
    X509Certificate gateway = ca.serverLeaf("localhost", "gw.example");

    assertThat(refusal(chain(ca.deviceLeaf(DeviceValidity.WITHOUT_END), ca.device())))
        .isEqualTo(Reason.WRONG_PURPOSE);
    assertThat(refusal(chain(operator, ca.operators()))).isEqualTo(Reason.UNKNOWN_ISSUER);
    assertThat(refusal(chain(phone, phones))).isEqualTo(Reason.UNKNOWN_ISSUER);
    assertThat(refusal(chain(gateway, ca.server()))).isEqualTo(Reason.WRONG_NAME);
    assertThat(refusal(chain(line.certificate(), ca.root()))).isEqualTo(Reason.WRONG_PURPOSE);
    // and where the roots are whatever the peer presents
    HubVerifier open = HubVerifier.ofPresentedRoot();
    assertThat(refusal(open, List.of(phone, phones.certificate()), ID, Certificates.keyHash(phone)))
        .isEqualTo(Reason.WRONG_PURPOSE);
    assertThat(
            refusal(
                open,
                List.of(operator, ca.operators().certificate()),
                ID,
                Certificates.keyHash(operator)))
        .isEqualTo(Reason.WRONG_PURPOSE);
  }

  @Test
  @DisplayName("The gateway named like a hub is refused: its certificate ends")
  void refuses_a_gateway_of_a_hubs_name() throws Exception {
    CertificateAuthority servers =
        TestAuthorities.under(
            ca.root(),
            new AuthorityProfile.ServerAuthority(TestAuthorities.names(ID + ".example")),
            "Servers of a strange name");
    X509Certificate gateway =
        servers.issueServer(TestAuthorities.freshKey(), TestAuthorities.names(ID + ".example"), AT);

    assertThat(refusal(chain(gateway, servers))).isEqualTo(Reason.WRONG_PURPOSE);
  }

  @Test
  @DisplayName("A hub of another maker is refused, unless nothing but its own root is known of it")
  void refuses_a_hub_of_another_maker() throws Exception {
    TestAuthorities stranger = TestAuthorities.create();
    CertificateAuthority foreign = line(stranger.root(), lineKey, AT.plus(Duration.ofDays(90)));
    X509Certificate leaf = hub(foreign, ID);
    List<X509Certificate> presented =
        List.of(leaf, foreign.certificate(), stranger.root().certificate());

    assertThat(refusal(presented)).isIn(Reason.UNKNOWN_ISSUER, Reason.BAD_SIGNATURE);
    assertThat(
            HubVerifier.ofPresentedRoot().verify(presented, ID, Certificates.keyHash(leaf)).root())
        .isEqualTo(stranger.root().certificate());
    assertThat(
            refusal(
                HubVerifier.ofPresentedRoot(),
                presented.subList(0, 2),
                ID,
                Certificates.keyHash(leaf)))
        .isEqualTo(Reason.UNKNOWN_ISSUER);
  }

  @Test
  @DisplayName("A distrusted authority or hub is refused, whatever dates its thief writes")
  void refuses_what_is_distrusted() {
    for (X509Certificate distrusted : List.of(line.certificate(), hub)) {
      assertThat(
              refusal(
                  verifier.distrusting(List.of(Certificates.keyHash(distrusted))),
                  chain(hub, line),
                  ID,
                  Certificates.keyHash(hub)))
          .isEqualTo(Reason.UNKNOWN_ISSUER);
    }
  }

  @Test
  @DisplayName("A hub's certificate that ends is none: without a clock it would be good for ever")
  void refuses_a_hub_that_ends() {
    X509Certificate ending = forged(CertificateProfile.HUB, AT, AT.plus(Duration.ofDays(90)), ID);

    assertThat(refusal(chain(ending, line))).isEqualTo(Reason.WRONG_PURPOSE);
  }

  @Test
  @DisplayName("Two names, or a name that does not begin with an id, are no hub's")
  void refuses_other_forms_of_names() {
    String domain = "." + TestAuthorities.HUB_DOMAIN.text();
    for (List<String> names :
        List.of(
            List.of(ID + domain, OTHER_ID + domain),
            List.of("a." + ID + domain),
            List.of(TestAuthorities.HUB_DOMAIN.text()))) {
      assertThat(refusal(chain(forged(names), line)))
          .as(names.toString())
          .isEqualTo(Reason.WRONG_NAME);
    }
  }

  @Test
  @DisplayName("Nothing presented, and a signature by another key, are refused")
  void refuses_nothing_and_a_forged_signature() throws Exception {
    var refused =
        catchThrowableOfType(
            ChainRefusedException.class,
            () -> verifier.verify(List.of(), ID, Certificates.keyHash(hub)));
    SigningKey thief = SigningKey.generate(KeyKind.P256, TestAuthorities.RANDOM);
    X509Certificate forged = hub(line(ca.root(), thief, AT.plus(Duration.ofDays(90))), ID);

    assertThat(refused.reason()).isEqualTo(Reason.NO_CERTIFICATE);
    assertThat(refusal(chain(forged, line))).isEqualTo(Reason.BAD_SIGNATURE);
  }

  @Test
  @DisplayName("Who a hub says it is comes as a type of its own: its key was not compared")
  void identifies_a_hub_without_its_key() throws Exception {
    PresentedHub presented = verifier.identify(chain(hub, line));

    assertThat(presented.id()).isEqualTo(ID);
    assertThat(presented.key()).isEqualTo(Certificates.keyHash(hub));
    assertThat(
            catchThrowableOfType(
                    ChainRefusedException.class,
                    () ->
                        verifier.identify(
                            chain(ca.deviceLeaf(DeviceValidity.WITHOUT_END), ca.device())))
                .reason())
        .isEqualTo(Reason.WRONG_PURPOSE);
  }

  private static final Instant WITHOUT_END = CertificateAuthority.WITHOUT_END;

  /** Made with the line's key, past the authority's own checks. */
  private X509Certificate forged(CertificateProfile profile, Instant begin, Instant end, HubId id) {
    return forged(profile, begin, end, List.of(id + "." + TestAuthorities.HUB_DOMAIN.text()));
  }

  private X509Certificate forged(List<String> names) {
    return forged(CertificateProfile.HUB, AT, WITHOUT_END, names);
  }

  private X509Certificate forged(
      CertificateProfile profile, Instant begin, Instant end, List<String> names) {
    var alternatives = new ArrayList<GeneralName>();
    names.forEach(name -> alternatives.add(new GeneralName(GeneralName.dNSName, name)));
    return new CertificateDraft(
            profile,
            new X500Name("O=Maker,SERIALNUMBER=" + new DeviceSerial("SN-1")),
            TestAuthorities.freshKey(),
            begin,
            end)
        .withAlternativeNames(alternatives)
        .sign(line.certificate(), lineKey, TestAuthorities.RANDOM);
  }
}
