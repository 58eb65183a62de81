// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.est.EnrolmentToken;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.server.TestHouse;
import dev.countersign.server.credentials.AuthenticatedDevice;
import dev.countersign.server.credentials.CredentialRefusedException;
import dev.countersign.server.credentials.LapsedDevice;
import dev.countersign.server.ledger.CertificateState;
import dev.countersign.server.registry.DeviceStatus;
import dev.countersign.server.registry.NewDevice;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Enrolment: what is issued, to whom, and for which key")
final class EnrolmentTest {
  private final TestHouse house = new TestHouse();

  EnrolmentTest() throws Exception {}

  @Test
  @DisplayName("a first certificate is in the ledger, and the device is active")
  void first_enrolment() throws Exception {
    X509Certificate certificate = house.enrol("SN-1", house.newKey());

    var entry =
        house.database.read(
            tx -> house.ledger.find(tx, Certificates.fingerprint(certificate)).orElseThrow());
    assertThat(entry.subject()).isEqualTo("SN-1");
    assertThat(entry.state()).isEqualTo(CertificateState.ISSUED);
    assertThat(house.device("SN-1").status()).isEqualTo(DeviceStatus.ACTIVE);
    assertThat(house.auditOf("SN-1")).contains("device-enrolled");
  }

  @Test
  @DisplayName("the same key fetches the same certificate again for a day, then no more")
  void same_key_fetches_again() throws Exception {
    EnrolmentToken token = house.register("SN-1");
    KeyPair key = house.newKey();
    X509Certificate first = TestHouse.issued(house.enrol("SN-1", token, key));

    house.clock.advance(Duration.ofHours(23));
    assertThat(TestHouse.issued(house.enrol("SN-1", token, key))).isEqualTo(first);
    house.clock.advance(Duration.ofHours(2));
    assertThatThrownBy(() -> house.enrol("SN-1", token, key))
        .isInstanceOf(CredentialRefusedException.class);
  }

  @Test
  @DisplayName("a used token with another key is a refused credential, and counts as a failure")
  void used_token_is_bound_to_its_key() throws Exception {
    EnrolmentToken token = house.register("SN-1");
    house.enrol("SN-1", token, house.newKey());

    assertThatThrownBy(() -> house.enrol("SN-1", token, house.newKey()))
        .isInstanceOf(CredentialRefusedException.class);
    house.runBackground();
    long id = house.device("SN-1").id();
    assertThat(house.database.read(tx -> house.tokens.find(tx, id)).orElseThrow().failures())
        .isEqualTo(1);
  }

  @Test
  @DisplayName("a key that another device has is refused, with an alarm [A15, B1]")
  void refuses_the_key_of_another_device() throws Exception {
    KeyPair key = house.newKey();
    house.enrol("SN-1", key);

    EnrolmentDecision decision = house.enrol("SN-2", house.register("SN-2"), key);

    assertThat(decision).isInstanceOf(EnrolmentDecision.KeyRefused.class);
    assertThat(house.auditOf("SN-2")).contains("enrolment-alarm");
    assertThat(house.device("SN-2").status()).isEqualTo(DeviceStatus.PENDING);
  }

  @Test
  @DisplayName("a key that was revoked is not certified again")
  void refuses_a_revoked_key() throws Exception {
    KeyPair key = house.newKey();
    house.enrol("SN-1", key);
    var serial = new DeviceSerial("SN-1");
    house.lifecycle.revoke(serial, "keyCompromise", house.operator);
    house.lifecycle.remove(serial, house.operator);

    EnrolmentDecision decision = house.enrol("SN-1", house.register("SN-1"), key);

    assertThat(decision).isInstanceOf(EnrolmentDecision.KeyRefused.class);
  }

  @Test
  @DisplayName("a CSR that names another device is malformed, whatever else it is")
  void csr_names_the_device_or_nobody() throws Exception {
    byte[] csr = CertificateRequest.create(house.newKey()).der();

    assertThat(house.enrolment.verify(new DeviceSerial("SN-1"), csr)).isNotNull();
    assertThatThrownBy(() -> house.enrolment.verify(new DeviceSerial("SN-1"), new byte[] {1, 2}))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("csr");
  }

  @Test
  @DisplayName("a renewal is a new certificate; its first use retires the predecessor")
  void renewal_retires_on_first_use() throws Exception {
    X509Certificate first = house.enrol("SN-1", house.newKey());
    AuthenticatedDevice device = authenticate(first);

    X509Certificate second = renew(device, house.newKey());
    assertThat(authenticate(first)).isNotNull();
    assertThat(authenticate(second)).isNotNull();

    assertThatThrownBy(() -> authenticate(first))
        .isInstanceOf(CredentialRefusedException.class)
        .hasMessageContaining("successor");
    assertThat(house.auditOf("SN-1")).contains("retired-certificate-used");
  }

  @Test
  @DisplayName("asking again for a renewal not yet used gives the same certificate")
  void renewal_is_repeatable() throws Exception {
    AuthenticatedDevice device = authenticate(house.enrol("SN-1", house.newKey()));
    KeyPair key = house.newKey();

    assertThat(renew(device, key)).isEqualTo(renew(device, key));
  }

  @Test
  @DisplayName("an expired certificate renews with a new key, and not with its own")
  void lapsed_renewal_needs_a_new_key() throws Exception {
    KeyPair old = house.newKey();
    X509Certificate certificate = house.enrol("SN-1", old);
    authenticate(certificate);
    house.clock.advance(Duration.ofDays(100));

    LapsedDevice lapsed =
        house.authenticator.byLapsedCertificate(house.judge.judgeLapsed(List.of(certificate)));
    var serial = lapsed.serial();
    assertThatThrownBy(() ->
            house.enrolment.renewLapsed(
                lapsed, house.enrolment.verify(serial, CertificateRequest.create(old).der())))
        .isInstanceOf(MalformedException.class);

    X509Certificate fresh =
        TestHouse.issued(
            house.enrolment.renewLapsed(
                lapsed,
                house.enrolment.verify(serial, CertificateRequest.create(house.newKey()).der())));
    assertThat(authenticate(fresh)).isNotNull();
  }

  @Test
  @DisplayName("a device without a clock gets a certificate without an end")
  void clockless_certificates_do_not_end() throws Exception {
    EnrolmentToken token =
        house
            .provisioning
            .add(new NewDevice(new DeviceSerial("SN-C"), Optional.empty(), false), house.operator)
            .orElseThrow()
            .token();

    X509Certificate certificate = TestHouse.issued(house.enrol("SN-C", token, house.newKey()));

    assertThat(certificate.getNotAfter().toInstant())
        .isEqualTo(Instant.parse("9999-12-31T23:59:59Z"));
  }

  @Test
  @DisplayName("a device that was stopped between admission and issue gets nothing")
  void stopped_meanwhile() throws Exception {
    EnrolmentToken token = house.register("SN-1");
    AdmittedDevice admitted = house.admit("SN-1", token);
    house.lifecycle.suspend(admitted.serial(), "test", house.operator);

    assertThatThrownBy(() ->
            house.enrolment.enrol(
                admitted,
                house.enrolment.verify(
                    admitted.serial(), CertificateRequest.create(house.newKey()).der())))
        .isInstanceOf(CredentialRefusedException.class);
  }

  private AuthenticatedDevice authenticate(X509Certificate certificate) throws Exception {
    return house.authenticator.byCertificate(house.judge.judge(List.of(certificate)));
  }

  private X509Certificate renew(AuthenticatedDevice device, KeyPair key) throws Exception {
    return TestHouse.issued(
        house.enrolment.renew(
            device, house.enrolment.verify(device.serial(), CertificateRequest.create(key).der())));
  }
}
