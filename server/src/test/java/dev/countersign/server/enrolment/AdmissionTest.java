// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.est.EnrolmentToken;
import dev.countersign.server.TestHouse;
import dev.countersign.server.credentials.CredentialRefusedException;
import dev.countersign.server.credentials.CredentialRefusedException.Reason;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Admission: a one-time token opens the first enrolment, for one serial")
final class AdmissionTest {
  private final TestHouse house = new TestHouse();

  AdmissionTest() throws Exception {}

  private void assertRefused(String serial, String token, Reason reason) {
    assertThatThrownBy(() -> house.admission.admit(serial, token))
        .isInstanceOfSatisfying(
            CredentialRefusedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static String text(EnrolmentToken token) {
    return token.text(SecretAccess.insecure());
  }

  @Test
  @DisplayName("the device's own token admits it")
  void own_token_admits() throws Exception {
    EnrolmentToken token = house.register("SN-1");

    assertThat(house.admit("SN-1", token).serial().value()).isEqualTo("SN-1");
  }

  @Test
  @DisplayName(
      "an unknown serial, another's token and nonsense are told apart for the journal alone")
  void refuses_what_is_not_the_own_token() throws Exception {
    EnrolmentToken other = house.register("SN-2");
    house.register("SN-1");

    assertRefused("SN-9", text(other), Reason.UNKNOWN_SERIAL);
    assertRefused("SN-1", text(other), Reason.WRONG_TOKEN);
    assertRefused("SN-1", "cst1.x.y", Reason.WRONG_TOKEN);
    assertRefused("no serial!", text(other), Reason.UNKNOWN_SERIAL);
  }

  @Test
  @DisplayName("five failures void the token, and the audit log says so")
  void five_failures_void_the_token() throws Exception {
    EnrolmentToken good = house.register("SN-1");
    EnrolmentToken wrong = house.register("SN-2");

    for (int i = 0; i < Admission.MAX_FAILURES - 1; i++) {
      assertRefused("SN-1", text(wrong), Reason.WRONG_TOKEN);
    }
    house.runBackground();
    assertThat(house.admit("SN-1", good)).isNotNull();

    assertRefused("SN-1", text(wrong), Reason.WRONG_TOKEN);
    house.runBackground();
    assertRefused("SN-1", text(good), Reason.TOKEN_VOID);
    assertThat(house.auditOf("SN-1")).contains("token-voided");
  }

  @Test
  @DisplayName("a token ends after its seven days")
  void refuses_expired_token() throws Exception {
    EnrolmentToken token = house.register("SN-1");

    house.clock.advance(Duration.ofDays(7));
    assertThat(house.admit("SN-1", token)).isNotNull();
    house.clock.advance(Duration.ofSeconds(1));
    assertRefused("SN-1", text(token), Reason.TOKEN_EXPIRED);
  }

  @Test
  @DisplayName("a new token voids the one before it")
  void new_token_replaces_old() throws Exception {
    EnrolmentToken old = house.register("SN-1");

    var serial = house.device("SN-1").serial();
    house.provisioning.token(serial, Duration.ofDays(1), house.operator);

    assertRefused("SN-1", text(old), Reason.WRONG_TOKEN);
  }

  @Test
  @DisplayName("a suspended device with a good token is told that it is suspended")
  void suspended_is_not_a_bad_token() throws Exception {
    EnrolmentToken token = house.register("SN-1");
    house.lifecycle.suspend(house.device("SN-1").serial(), "test", house.operator);

    assertRefused("SN-1", text(token), Reason.SUSPENDED);
    assertRefused("SN-1", text(house.register("SN-2")), Reason.WRONG_TOKEN);
  }
}
