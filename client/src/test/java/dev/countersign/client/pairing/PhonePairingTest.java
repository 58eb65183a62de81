// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.pairing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.client.PhoneClient;
import dev.countersign.client.PhoneClient.Opening;
import dev.countersign.client.control.HubSession;
import dev.countersign.client.hub.BouncyCastleHubTransport;
import dev.countersign.client.hub.OtherHubException;
import dev.countersign.client.hub.RepeatedHubKeyException;
import dev.countersign.client.pairing.FakeHub.Reply;
import dev.countersign.client.pairing.TestMaker.Identity;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.HubSuccession;
import dev.countersign.protocol.pairing.ManualCode;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingGrant;
import dev.countersign.protocol.pairing.Role;
import dev.countersign.protocol.x509.ChainRefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A phone pairs with the hub that is meant, and with no other")
final class PhonePairingTest {
  private static final TestMaker MAKER = new TestMaker("maker");

  @TempDir private Path state;
  private FilePhoneStorage storage;
  private PhoneClient phone;

  @BeforeEach
  void opens() throws IOException {
    storage = new FilePhoneStorage(state.resolve("phone"));
    phone = PhoneClient.of(storage);
  }

  private static FakeHub hub() {
    return FakeHub.start(MAKER.hub());
  }

  private void pairsNothing(FakeHub hub) throws IOException {
    assertThat(storage.hubs()).isEmpty();
    assertThat(storage.pending()).isEmpty();
    assertThat(hub.requests).isEmpty();
  }

  @Test
  @DisplayName("by the code of a QR code: pinned, stored, confirmed, with a key of its own")
  void pairs_by_qr_code() throws Exception {
    try (FakeHub hub = hub()) {
      PairingResult result = phone.pair(hub.code(), "A", hub.address());

      assertThat(result).isInstanceOf(PairingResult.Paired.class);
      StoredHub stored = storage.hub(hub.identity().id()).orElseThrow();
      assertThat(stored.hub().leaf()).isEqualTo(hub.identity().chain().get(0));
      assertThat(stored.hub().root()).isEqualTo(MAKER.root());
      assertThat(stored.model()).isEqualTo("door");
      assertThat(storage.keys().handles()).containsExactly(stored.phone().keyHandle());
      assertThat(hub.requests)
          .containsExactly("cs-pair/1 POST /pair", "cs/1 POST /confirm", "cs/1 GET /v1/hub");
    }
  }

  @Test
  @DisplayName("by ten digits, through SPAKE2+")
  void pairs_by_typed_code() throws Exception {
    try (FakeHub hub = hub()) {
      assertThat(phone.pair(hub.manualCode(), "A", hub.address()))
          .isInstanceOf(PairingResult.Paired.class);
    }
  }

  @Test
  @DisplayName("an owner is given a recovery card, once; nobody else is")
  void owner_gets_recovery_card() throws Exception {
    try (FakeHub hub = hub()) {
      assertThat(((PairingResult.Paired) phone.pair(hub.code(), "A", hub.address())).recoveryCard())
          .isEmpty();
      hub.role = Role.OWNER;
      assertThat(((PairingResult.Paired) phone.pair(hub.code(), "A", hub.address())).recoveryCard())
          .get()
          .extracting(PairingCode::place)
          .isEqualTo(PairingCode.Place.PRINTED);
    }
  }

  @Test
  @DisplayName("a hub whose key is not the one in the code is sent nothing")
  void refuses_other_key() throws Exception {
    Identity meant = MAKER.hub();
    Identity twin = MAKER.hub(meant.id(), TestMaker.key());
    try (FakeHub hub = FakeHub.start(twin);
        FakeHub real = FakeHub.start(meant)) {
      assertThatThrownBy(() -> phone.pair(real.code(), "A", hub.address()))
          .isInstanceOf(OtherHubException.class)
          .hasMessageContaining("another key");
      pairsNothing(hub);
    }
  }

  @Test
  @DisplayName("another genuine hub at that address is named, and sent nothing")
  void refuses_other_genuine_hub() throws Exception {
    try (FakeHub meant = hub();
        FakeHub other = hub()) {
      assertThatThrownBy(() -> phone.pair(meant.code(), "A", other.address()))
          .isInstanceOf(OtherHubException.class)
          .hasMessageContaining("another hub answers at")
          .hasMessageContaining(meant.identity().id().toString())
          .hasMessageContaining(other.identity().id().toString());
      pairsNothing(other);
    }
  }

  @Test
  @DisplayName("the right key in a certificate for another use is no hub")
  void refuses_other_usage() throws Exception {
    Identity meant = MAKER.hub();
    Identity device = MAKER.identity(meant.id(), meant.key(), KeyPurposeId.id_kp_clientAuth);
    try (FakeHub hub = FakeHub.start(device)) {
      assertThatThrownBy(() -> phone.pair(hub.code(), "A", hub.address()))
          .isInstanceOfSatisfying(
              ChainRefusedException.class,
              e -> assertThat(e.reason()).isEqualTo(ChainRefusedException.Reason.WRONG_PURPOSE));
      pairsNothing(hub);
    }
  }

  @Test
  @DisplayName("an app that brings its maker's root takes no hub of another maker")
  void refuses_other_root() throws Exception {
    PhoneClient ofOther =
        PhoneClient.ofMakers(
            storage, new BouncyCastleHubTransport(), List.of(new TestMaker("other").root()));
    try (FakeHub hub = hub()) {
      assertThatThrownBy(() -> ofOther.pair(hub.code(), "A", hub.address()))
          .isInstanceOf(ChainRefusedException.class);
      pairsNothing(hub);

      PhoneClient ofMaker =
          PhoneClient.ofMakers(storage, new BouncyCastleHubTransport(), List.of(MAKER.root()));
      assertThat(ofMaker.pair(hub.code(), "A", hub.address()))
          .isInstanceOf(PairingResult.Paired.class);
    }
  }

  @Test
  @DisplayName("TLS 1.2 is not spoken")
  void refuses_tls12() throws Exception {
    try (FakeHub hub = FakeHub.start(MAKER.hub(), "TLSv1.2")) {
      assertThatThrownBy(() -> phone.pair(hub.code(), "A", hub.address()))
          .isInstanceOf(IOException.class);
      pairsNothing(hub);
    }
  }

  @Test
  @DisplayName("a hub that cannot prove that it has the secret leaves nothing in the phone")
  void refuses_lying_answer() throws Exception {
    try (FakeHub hub = hub()) {
      hub.pairAnswer =
          answer -> {
            byte[] altered = answer.clone();
            altered[altered.length - 1] ^= 1;
            return altered;
          };
      assertThatThrownBy(() -> phone.pair(hub.code(), "A", hub.address()))
          .isInstanceOf(NotAuthenticException.class);
      assertThat(storage.pending()).isEmpty();
      assertThat(storage.keys().handles()).isEmpty();
    }
  }

  @Test
  @DisplayName("an exchange that somebody forwards over a second connection is worth nothing")
  void refuses_forwarded_exchange() throws Exception {
    try (FakeHub hub = hub()) {
      // What the hub would see if the phone's connection ended at somebody in the middle.
      hub.channelBinding = binding -> Arrays.copyOf(new byte[] {1}, binding.length);
      assertThat(phone.pair(hub.code(), "A", hub.address()))
          .isInstanceOf(PairingResult.Refused.class);
      assertThat(phone.pair(hub.manualCode(), "A", hub.address()))
          .isInstanceOf(PairingResult.Refused.class);
      assertThat(storage.pending()).isEmpty();
    }
  }

  @Test
  @DisplayName("the chain to keep is the one of the connection, not another that is claimed")
  void refuses_other_chain_in_answer() throws Exception {
    try (FakeHub hub = hub()) {
      Identity other = MAKER.hub();
      hub.grant =
          given ->
              new PairingGrant(
                  given.certificate(), given.phoneCa(), other.chain(), given.role(), 1);
      assertThatThrownBy(() -> phone.pair(hub.code(), "A", hub.address()))
          .isInstanceOf(ChainRefusedException.class);
      assertThat(storage.pending()).isEmpty();
    }
  }

  @Test
  @DisplayName("a mistyped code is refused, and the hub learns nothing to try codes with")
  void refuses_mistyped_code() throws Exception {
    try (FakeHub hub = hub()) {
      assertThat(phone.pair(ManualCode.random(new SecureRandom()), "A", hub.address()))
          .isInstanceOf(PairingResult.Refused.class);
      assertThat(hub.requests).containsExactly("cs-pair/1 POST /pair/code");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "403, pairing-refused, Refused",
    "409, pairing-closed, Closed",
    "409, pairing-busy, Busy",
    "409, phones-full, Full"
  })
  @DisplayName("what a person can do something about is a result")
  void says_what_to_do(int status, String kind, String result) throws Exception {
    try (FakeHub hub = hub()) {
      hub.route("cs-pair/1 POST /pair", _ -> Reply.problem(status, kind));
      assertThat(phone.pair(hub.code(), "A", hub.address()).getClass().getSimpleName())
          .isEqualTo(result);
      assertThat(storage.keys().handles()).isEmpty();
    }
  }

  @Test
  @DisplayName("an answer that is too long is not read to its end")
  void refuses_oversized_answer() throws Exception {
    try (FakeHub hub = hub()) {
      hub.route(
          "cs-pair/1 POST /pair", _ -> new Reply(200, "application/cbor", new byte[17 * 1024]));
      assertThatThrownBy(() -> phone.pair(hub.code(), "A", hub.address()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("at most 16384 bytes");
    }
  }

  @Test
  @DisplayName("a connection that ends inside the answer leaves nothing behind")
  void survives_closed_connection() throws Exception {
    try (FakeHub hub = hub()) {
      hub.route(
          "cs-pair/1 POST /pair",
          exchange -> {
            try {
              exchange.socket().close();
            } catch (IOException e) {
              throw new AssertionError(e);
            }
            return Reply.json(200, "");
          });
      assertThatThrownBy(() -> phone.pair(hub.code(), "A", hub.address()))
          .isInstanceOf(IOException.class);
      assertThat(storage.pending()).isEmpty();
      assertThat(storage.keys().handles()).isEmpty();
    }
  }

  @Test
  @DisplayName("a pairing that the hub gave up is gone from the phone too")
  void lapsed_pairing_is_forgotten() throws Exception {
    try (FakeHub hub = hub()) {
      hub.knowsPhones = false;
      assertThat(phone.pair(hub.code(), "A", hub.address()))
          .isInstanceOf(PairingResult.Lapsed.class);
      assertThat(storage.pending()).isEmpty();
      assertThat(storage.hubs()).isEmpty();
      assertThat(storage.keys().handles()).isEmpty();
    }
  }

  @Test
  @DisplayName("pairing anew keeps the earlier pairing until the new one is confirmed")
  void earlier_pairing_stays() throws Exception {
    try (FakeHub hub = hub()) {
      phone.pair(hub.code(), "A", hub.address());
      StoredHub first = storage.hub(hub.identity().id()).orElseThrow();
      hub.knowsPhones = false;
      assertThat(phone.pair(hub.code(), "B", hub.address()))
          .isInstanceOf(PairingResult.Lapsed.class);

      assertThat(storage.hub(first.id())).contains(first);
      assertThat(storage.keys().handles()).containsExactly(first.phone().keyHandle());
    }
  }

  @Test
  @DisplayName("one key under two hub ids is an alarm, before anything is sent")
  void alarms_on_repeated_key() throws Exception {
    KeyPair shared = TestMaker.key();
    Identity first = MAKER.hub(HubId.random(new SecureRandom()), shared);
    Identity second = MAKER.hub(HubId.random(new SecureRandom()), shared);
    try (FakeHub hub = FakeHub.start(first);
        FakeHub copy = FakeHub.start(second)) {
      phone.pair(hub.code(), "A", hub.address());

      assertThatThrownBy(() -> phone.pair(copy.code(), "A", copy.address()))
          .isInstanceOf(RepeatedHubKeyException.class)
          .hasMessageContaining("ALARM");
      assertThatThrownBy(() -> phone.pair(copy.manualCode(), "A", copy.address()))
          .isInstanceOf(RepeatedHubKeyException.class);
      assertThatThrownBy(() -> phone.open(first.id(), copy.address()))
          .isInstanceOf(RepeatedHubKeyException.class);
      assertThat(copy.requests).isEmpty();
    }
  }

  @Test
  @DisplayName("a paired phone refuses another genuine hub at its hub's address")
  void refuses_other_hub_when_paired() throws Exception {
    try (FakeHub hub = hub();
        FakeHub other = hub()) {
      phone.pair(hub.code(), "A", hub.address());

      assertThat(phone.open(hub.identity().id(), other.address()))
          .isInstanceOfSatisfying(
              Opening.HubChanged.class,
              changed -> {
                assertThat(changed.how().expected().id()).isEqualTo(hub.identity().id());
                assertThat(changed.how().got().id()).isEqualTo(other.identity().id());
              });
      assertThat(other.requests).isEmpty();
    }
  }

  @Test
  @DisplayName("a new key of the hub is followed only if the old key has named it")
  void follows_successor_only() throws Exception {
    Identity old = MAKER.hub();
    Identity renewed = MAKER.hub(old.id(), TestMaker.key());
    KeyPair stranger = TestMaker.key();
    try (FakeHub hub = FakeHub.start(old);
        FakeHub after = FakeHub.start(renewed)) {
      phone.pair(hub.code(), "A", hub.address());

      // Nobody named it; then a stranger; then the old key, but another one.
      assertThat(phone.open(old.id(), after.address())).isInstanceOf(Opening.HubChanged.class);
      after.successions = List.of(succession(old.id(), renewed.key(), 1, stranger));
      assertThat(phone.open(old.id(), after.address())).isInstanceOf(Opening.HubChanged.class);
      after.successions = List.of(succession(old.id(), stranger, 1, old.key()));
      assertThat(phone.open(old.id(), after.address())).isInstanceOf(Opening.HubChanged.class);
      assertThat(storage.hub(old.id()).orElseThrow().hub().leaf()).isEqualTo(old.chain().get(0));

      after.successions = List.of(succession(old.id(), renewed.key(), 1, old.key()));
      assertThat(phone.open(old.id(), after.address())).isInstanceOf(Opening.Opened.class);
      PinnedHub pinned = storage.hub(old.id()).orElseThrow().hub();
      assertThat(pinned.leaf()).isEqualTo(renewed.chain().get(0));
      assertThat(pinned.keyCounter()).isEqualTo(1);

      // And there is no way back to a key that was given up.
      assertThat(phone.open(old.id(), hub.address())).isInstanceOf(Opening.HubChanged.class);
    }
  }

  private static byte[] succession(HubId hub, KeyPair next, long counter, KeyPair signer)
      throws Exception {
    return HubSuccession.sign(hub, next.getPublic(), counter, signer.getPrivate());
  }

  @Test
  @DisplayName("a phone that was removed is told so, and keeps what it stored")
  void removed_phone_is_told() throws Exception {
    try (FakeHub hub = hub()) {
      phone.pair(hub.code(), "A", hub.address());
      hub.route("cs/1 GET /v1/hub", _ -> Reply.problem(401, "unauthorized"));

      assertThat(phone.open(hub.identity().id())).isInstanceOf(Opening.RemovedFromHub.class);
      assertThat(phone.hubs()).hasSize(1);
      phone.forget(hub.identity().id());
      assertThat(phone.hubs()).isEmpty();
      assertThat(storage.keys().handles()).isEmpty();
      assertThat(phone.open(hub.identity().id())).isInstanceOf(Opening.NotPaired.class);
    }
  }

  @Test
  @DisplayName("a session is opened by certificate, on the protocol for paired phones alone")
  void opens_session() throws Exception {
    try (FakeHub hub = hub()) {
      phone.pair(hub.code(), "A", hub.address());
      try (HubSession session = ((Opening.Opened) phone.open(hub.identity().id())).session()) {
        assertThat(session.status().phoneId()).isEqualTo(session.hub().phone().phoneId());
      }
      assertThat(hub.requests).endsWith("cs/1 GET /v1/hub", "cs/1 GET /v1/hub");
    }
  }
}
