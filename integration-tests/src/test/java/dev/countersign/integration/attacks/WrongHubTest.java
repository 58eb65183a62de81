// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.client.PhoneClient;
import dev.countersign.client.PhoneClient.Opening;
import dev.countersign.client.hub.HubAddress;
import dev.countersign.client.hub.RepeatedHubKeyException;
import dev.countersign.client.pairing.FilePhoneStorage;
import dev.countersign.client.pairing.PairingResult.Paired;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.TestServer;
import dev.countersign.integration.TlsIdentity;
import dev.countersign.integration.hub.HubSuite;
import dev.countersign.integration.hub.TestHub;
import dev.countersign.integration.hub.TestMaker;
import dev.countersign.integration.hub.TestPhone;
import dev.countersign.integration.hub.TestPhone.Line;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.Role;
import dev.countersign.protocol.x509.Certificates;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A phone and whoever else answers at its hub's address")
class WrongHubTest {
  @TempDir private Path scratch;

  private final SecureRandom random = new SecureRandom();
  private TestMaker maker;

  @BeforeEach
  void make() throws Exception {
    maker = new TestMaker();
  }

  private PhoneClient phone(String name) throws Exception {
    return PhoneClient.of(new FilePhoneStorage(scratch.resolve(name)));
  }

  private static HubAddress at(int port) {
    return new HubAddress("localhost", port);
  }

  @Test
  @DisplayName("another genuine hub of the same maker: refused by both names, and sent nothing")
  void second_genuine_hub() throws Exception {
    PhoneClient phone = phone("phone");
    HubId first;
    PairingCode code;
    int port;
    try (TestHub hub = TestHub.start(scratch.resolve("first"), maker)) {
      first = hub.identity().id();
      port = hub.port();
      assertThat(phone.pair(hub.shown(), "Ada", at(port))).isInstanceOf(Paired.class);
      assertThat(phone.open(first)).isInstanceOf(Opening.Opened.class);
      code = hub.press();
    }
    TestMaker.provision(scratch.resolve("second"), maker.identity());
    try (TestHub other = TestHub.restart(scratch.resolve("second"), port)) {
      assertThat(phone.open(first))
          .isInstanceOfSatisfying(
              Opening.HubChanged.class,
              changed ->
                  assertThat(changed.how())
                      .hasMessageContaining(first.toString())
                      .hasMessageContaining(other.identity().id().toString()));
      assertThatThrownBy(() -> phone("new").pair(code, "Bob", at(port)))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining(first.toString())
          .hasMessageContaining(other.identity().id().toString());
      assertThat(other.door().done()).isEmpty();
      assertThat(other.panel().screen()).as("nothing was counted against it").isPresent();
    }
    try (TestHub back = TestHub.restart(scratch.resolve("first"), port)) {
      assertThat(phone.open(first)).isInstanceOf(Opening.Opened.class);
      assertThat(back.panel().phones()).hasSize(1);
    }
  }

  @Test
  @DisplayName("between phone and hub, with another hub's certificate: no pairing begins")
  void man_in_the_middle() throws Exception {
    try (TestHub hub = TestHub.start(scratch.resolve("hub"), maker);
        EvilTwin between = EvilTwin.before(hub.port(), EvilTwin.of(maker.identity()))) {
      PairingCode code = hub.shown();
      assertThatThrownBy(() -> phone("phone").pair(code, "Ada", at(between.port())))
          .isInstanceOf(ProtocolException.class);
      assertThat(hub.hub().panel().phones()).isEmpty();
      assertThat(phone("phone").pair(code, "Ada", at(hub.port()))).isInstanceOf(Paired.class);
    }
  }

  @Test
  @DisplayName("one key in two hubs is an alarm, whichever came first; two keys are none")
  void one_key_in_two_hubs() throws Exception {
    SigningKey key = SigningKey.generate(KeyKind.P256, random);
    try (TestHub one = TestHub.start(scratch.resolve("one"), maker.identity(key));
        TestHub copy = TestHub.start(scratch.resolve("copy"), maker.identity(key));
        TestHub third = TestHub.start(scratch.resolve("third"), maker)) {
      PhoneClient phone = phone("phone");
      assertThat(phone.pair(one.shown(), "Ada", at(one.port()))).isInstanceOf(Paired.class);
      PairingCode code = copy.shown();
      assertThatThrownBy(() -> phone.pair(code, "Ada", at(copy.port())))
          .isInstanceOf(RepeatedHubKeyException.class)
          .hasMessageContaining(one.identity().id().toString())
          .hasMessageContaining(copy.identity().id().toString());
      assertThat(copy.panel().isOwned()).isFalse();
      assertThat(phone.pair(third.shown(), "Ada", at(third.port()))).isInstanceOf(Paired.class);
    }
  }

  /** Certificates that the project really issues, for anything but a hub. */
  private Map<String, TlsIdentity> others(TestServer server, TestHub hub) throws Exception {
    var others = new LinkedHashMap<String, TlsIdentity>();
    others.put("a device", server.enrol("SN-1").identity());
    others.put("an operator", server.operator().identity());
    others.put("the gateway", TlsIdentity.read(server.directory().keys().resolve("server.pem")));
    others.put("a phone", new TestPhone("Zoe").pair(hub.port(), hub.shown()).identity());
    return others;
  }

  @Test
  @Tag(HubSuite.HERE_ONLY) // the maker's server, which makes these certificates, knows the time
  @DisplayName(
      "certificates of devices, operators, the gateway and phones are no hubs, and no phones")
  void certificates_of_others() throws Exception {
    var clock = MutableClock.atMachineTime();
    try (TestServer server = TestServer.start(scratch.resolve("server"), clock);
        TestHub another = TestHub.start(scratch.resolve("another"), maker);
        TestHub hub = TestHub.start(scratch.resolve("hub"), maker)) {
      Map<String, TlsIdentity> others = others(server, another);
      others.put("another hub", EvilTwin.of(another.identity()));
      for (Map.Entry<String, TlsIdentity> each : others.entrySet()) {
        // A code that names the very key: what refuses is what the certificate is for.
        PairingCode code = naming(hub.identity().id(), each.getValue());
        try (EvilTwin imposter = EvilTwin.before(hub.port(), each.getValue())) {
          assertThatThrownBy(
                  () -> phone("of " + each.getKey()).pair(code, "Ada", at(imposter.port())))
              .as(each.getKey())
              .isInstanceOf(ProtocolException.class);
          assertThat(imposter.failures()).as(each.getKey()).isNotNull();
        }
        try (Line line = Line.open(hub.port(), "cs/1", each.getValue())) {
          assertThat(line.get("/v1/state").problem()).as(each.getKey()).isEqualTo("unauthorized");
          assertThat(line.post("/confirm", "application/json", "{}".getBytes(UTF_8)).problem())
              .as(each.getKey())
              .isEqualTo("unauthorized");
        }
      }
      assertThat(hub.panel().phones()).isEmpty();
      PairingCode code = hub.shown();
      assertThat(phone("right").pair(code, "Ada", at(hub.port()))).isInstanceOf(Paired.class);
    }
  }

  private PairingCode naming(HubId id, TlsIdentity identity) {
    return new PairingCode(
        PairingCode.Place.SCREEN,
        false,
        Role.OWNER,
        id,
        PairingSecret.random(random),
        Certificates.keyHash(identity.certificate()));
  }
}
