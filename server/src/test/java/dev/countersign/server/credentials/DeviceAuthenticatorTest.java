// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.pki.DeviceName;
import dev.countersign.pki.DeviceValidity;
import dev.countersign.pki.KeyPolicy;
import dev.countersign.pki.VerifiedRequest;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.protocol.x509.ChainRefusedException;
import dev.countersign.protocol.x509.LapsedChain;
import dev.countersign.server.TestHouse;
import dev.countersign.server.credentials.CredentialRefusedException.Reason;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Authentication by certificate: a chain that verifies is not enough")
final class DeviceAuthenticatorTest {
  private final TestHouse house = new TestHouse();

  DeviceAuthenticatorTest() throws Exception {}

  private AuthenticatedDevice authenticate(X509Certificate certificate) throws Exception {
    return house.authenticator.byCertificate(house.judge.judge(List.of(certificate)));
  }

  private Optional<AuthenticatedDevice> atHand(X509Certificate certificate) throws Exception {
    return house.authenticator.byCertificateAtHand(house.judge.judge(List.of(certificate)));
  }

  private void assertRefused(X509Certificate certificate, Reason reason) {
    assertThatThrownBy(() -> authenticate(certificate))
        .isInstanceOfSatisfying(
            CredentialRefusedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  @DisplayName("first use makes the certificate active and raises the device to level 4")
  void first_use_raises_the_level() throws Exception {
    X509Certificate certificate = house.enrol("SN-1", house.newKey());

    AuthenticatedDevice device = authenticate(certificate);

    assertThat(device.serial().value()).isEqualTo("SN-1");
    assertThat(house.device("SN-1").minimumLevel()).isEqualTo(Level.MUTUAL_TLS);
  }

  @Test
  @DisplayName("a certificate that the device CA signed but the ledger does not know is refused")
  void refuses_what_is_not_in_the_ledger() throws Exception {
    house.enrol("SN-1", house.newKey());
    X509Certificate stray =
        house.deviceAuthority.issueDevice(
            VerifiedRequest.verify(CertificateRequest.create(house.newKey()), KeyPolicy.standard()),
            new DeviceName("Test", 32_473, new DeviceSerial("SN-1")),
            DeviceValidity.RENEWED,
            house.clock.instant());

    assertRefused(stray, Reason.UNKNOWN_CERTIFICATE);
  }

  @Test
  @DisplayName("a revocation counts from its commit on, also for a device that is known by heart")
  void revocation_empties_the_cache() throws Exception {
    X509Certificate certificate = house.enrol("SN-1", house.newKey());
    AuthenticatedDevice device = authenticate(certificate);

    house.lifecycle.revoke(device.serial(), "keyCompromise", house.operator);

    assertRefused(certificate, Reason.REVOKED);
    assertThat(house.disconnected).containsExactly(device.id());
  }

  @Test
  @DisplayName("suspension and resumption count from their commit on")
  void suspension_and_resumption() throws Exception {
    X509Certificate certificate = house.enrol("SN-1", house.newKey());
    DeviceSerial serial = authenticate(certificate).serial();

    house.lifecycle.suspend(serial, "test", house.operator);
    assertRefused(certificate, Reason.SUSPENDED);
    house.lifecycle.resume(serial, "test", house.operator);
    assertThat(authenticate(certificate)).isNotNull();
  }

  @Test
  @DisplayName("without waiting, nobody is let through who would not be let through with waiting")
  void at_hand_is_only_who_is_known_and_good() throws Exception {
    X509Certificate certificate = house.enrol("SN-1", house.newKey());
    assertThat(atHand(certificate)).as("its first use is to be written down").isEmpty();
    DeviceSerial serial = authenticate(certificate).serial();
    assertThat(atHand(certificate)).map(AuthenticatedDevice::serial).contains(serial);

    house.lifecycle.suspend(serial, "test", house.operator);
    assertThat(atHand(certificate)).as("from the commit on").isEmpty();
    assertRefused(certificate, Reason.SUSPENDED);
    assertThat(atHand(certificate)).as("when the suspension is at hand").isEmpty();

    house.lifecycle.resume(serial, "test", house.operator);
    assertThat(authenticate(certificate)).isNotNull();
    assertThat(atHand(certificate)).isPresent();

    house.lifecycle.revoke(serial, "keyCompromise", house.operator);
    assertThat(atHand(certificate)).isEmpty();
    assertRefused(certificate, Reason.REVOKED);
    assertThat(atHand(certificate)).isEmpty();
  }

  @Test
  @DisplayName("without waiting, a retired certificate is not let through: its use is an alarm")
  void at_hand_is_no_retired_certificate() throws Exception {
    X509Certificate first = house.enrol("SN-1", house.newKey());
    AuthenticatedDevice device = authenticate(first);
    X509Certificate second =
        TestHouse.issued(
            house.enrolment.renew(
                device,
                house.enrolment.verify(
                    device.serial(), CertificateRequest.create(house.newKey()).der())));
    assertThat(authenticate(second)).isNotNull();

    assertThat(atHand(second)).isPresent();
    assertThat(atHand(first)).isEmpty();
    assertRefused(first, Reason.RETIRED);
  }

  @Test
  @DisplayName("the certificate of a removed device does not open a new device of its serial")
  void removed_device_stays_out() throws Exception {
    X509Certificate certificate = house.enrol("SN-1", house.newKey());
    DeviceSerial serial = authenticate(certificate).serial();

    house.lifecycle.remove(serial, house.operator);
    assertRefused(certificate, Reason.UNKNOWN_CERTIFICATE);
    house.enrol("SN-1", house.newKey());
    assertRefused(certificate, Reason.UNKNOWN_CERTIFICATE);

    // Nor after a restart, when nothing remembers which device the certificate was for.
    var restarted =
        new DeviceAuthenticator(
            new CredentialCache(house.database, house.devices, house.ledger, house.secrets, 1000),
            house.database,
            house.devices,
            house.ladder,
            house.ledger,
            house.audit,
            house.clock);
    var chain = house.judge.judge(List.of(certificate));
    assertThatThrownBy(() -> restarted.byCertificate(chain))
        .isInstanceOfSatisfying(
            CredentialRefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.REVOKED));
  }

  @Test
  @DisplayName("a remembered verdict ends with the certificate")
  void remembered_verdict_ends() throws Exception {
    X509Certificate certificate = house.enrol("SN-1", house.newKey());
    authenticate(certificate);

    house.clock.advance(Duration.ofDays(91));

    assertThatThrownBy(() -> authenticate(certificate))
        .isInstanceOfSatisfying(
            ChainRefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(ChainRefusedException.Reason.EXPIRED));
  }

  @Test
  @DisplayName("only the newest expired certificate of a good device may renew, for 400 days")
  void lapsed_certificates() throws Exception {
    X509Certificate first = house.enrol("SN-1", house.newKey());
    AuthenticatedDevice device = authenticate(first);
    X509Certificate second =
        TestHouse.issued(
            house.enrolment.renew(
                device,
                house.enrolment.verify(
                    device.serial(), CertificateRequest.create(house.newKey()).der())));

    house.clock.advance(Duration.ofDays(91));
    LapsedChain ofFirst = house.judge.judgeLapsed(List.of(first));
    assertThat(house.authenticator.byLapsedCertificate(ofFirst).onlyKey())
        .as("its successor was never used, and may be asked for again")
        .contains(Certificates.keyHash(second));
    LapsedChain ofSecond = house.judge.judgeLapsed(List.of(second));
    assertThat(house.authenticator.byLapsedCertificate(ofSecond).onlyKey()).isEmpty();

    house.lifecycle.revoke(device.serial(), "lost", house.operator);
    assertThatThrownBy(() -> house.authenticator.byLapsedCertificate(ofSecond))
        .isInstanceOf(CredentialRefusedException.class);

    house.clock.advance(Duration.ofDays(400));
    assertThatThrownBy(() -> house.judge.judgeLapsed(List.of(second)))
        .isInstanceOf(ChainRefusedException.class);
  }
}
