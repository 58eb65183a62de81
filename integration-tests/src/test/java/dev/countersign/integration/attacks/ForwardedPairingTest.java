// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.integration.hub.TestHub;
import dev.countersign.integration.hub.TestMaker;
import dev.countersign.integration.hub.TestPhone;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.pairing.ManualCode;
import dev.countersign.protocol.pairing.PairingAttempt;
import dev.countersign.protocol.pairing.PairingKeys;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The phones here trust whoever answers, so what stops the forwarding is the channel binding alone
 * (RFC 9266).
 */
@DisplayName("A pairing that is forwarded over two TLS sessions")
class ForwardedPairingTest {
  @TempDir private Path scratch;

  private TestMaker maker;
  private TestHub hub;

  @BeforeEach
  void start() throws Exception {
    maker = new TestMaker();
    hub = TestHub.start(scratch.resolve("hub"), maker);
  }

  @AfterEach
  void stop() throws Exception {
    hub.close();
  }

  @Test
  @DisplayName("by another genuine hub, with the code that is on the screen: refused, and counted")
  void code_by_another_hub() throws Exception {
    var code = hub.shown();
    var phone = new TestPhone("Ada");
    try (EvilTwin other = EvilTwin.before(hub.port(), EvilTwin.of(maker.identity()))) {
      assertThat(phone.tryToPair(other.port(), code).problem()).isEqualTo("pairing-refused");
    }
    assertThat(hub.panel().isOwned()).isFalse();
    // The same code, while it is fresh, through somebody who only carries bytes.
    try (Wiretap carrier = Wiretap.before(hub.port())) {
      assertThat(phone.tryToPair(carrier.port(), code).status()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("by who has the hub's own key: refused as well")
  void code_by_the_key_itself() throws Exception {
    var code = hub.shown();
    var phone = new TestPhone("Ada");
    try (EvilTwin twin = EvilTwin.before(hub.port(), EvilTwin.of(hub.identity()))) {
      assertThat(phone.tryToPair(twin.port(), code).problem()).isEqualTo("pairing-refused");
    }
    assertThat(phone.tryToPair(hub.port(), code).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("with a typed code: the phone sees that the hub speaks over another connection")
  void typed_code() throws Exception {
    ManualCode manual = hub.panel().screen().orElseThrow().manual();
    var phone = new TestPhone("Ada");
    try (EvilTwin twin = EvilTwin.before(hub.port(), EvilTwin.of(hub.identity()))) {
      assertThatThrownBy(() -> type(phone, twin.port(), manual))
          .isInstanceOf(NotAuthenticException.class);
    }
    assertThat(hub.panel().isOwned()).isFalse();
    try (Wiretap carrier = Wiretap.before(hub.port())) {
      assertThat(type(phone, carrier.port(), manual).status()).isEqualTo(200);
    }
  }

  private TestPhone.Reply type(TestPhone phone, int port, ManualCode manual) throws Exception {
    assertThat(manual.digits(SecretAccess.insecure())).hasSize(10);
    return phone.tryToPair(port, hub.identity().id(), hub.identity().keyHash(), manual);
  }

  @Test
  @DisplayName("as a recorded body on another connection: refused; on its own it pairs")
  void body_on_another_connection() throws Exception {
    var code = hub.shown();
    var phone = new TestPhone("Ada");
    try (TestPhone.Line own = TestPhone.Line.open(hub.port(), "cs-pair/1", null);
        TestPhone.Line other = TestPhone.Line.open(hub.port(), "cs-pair/1", null)) {
      assertThat(own.channelBinding()).isNotEqualTo(other.channelBinding());
      byte[] body =
          PairingAttempt.begin(
                  PairingKeys.ofSecret(own.channelBinding(), code.secret(), code.hub()),
                  phone.keys(),
                  "Ada",
                  new SecureRandom())
              .request();
      assertThat(other.post("/pair", "application/cbor", body).problem())
          .isEqualTo("pairing-refused");
      assertThat(own.post("/pair", "application/cbor", body).status()).isEqualTo(200);
      // Once: the code is spent, on its own connection too.
      hub.panel().pressButton();
      assertThat(own.post("/pair", "application/cbor", body).problem())
          .isEqualTo("pairing-refused");
    }
  }
}
