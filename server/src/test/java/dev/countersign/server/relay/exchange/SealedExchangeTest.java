// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.cbor.CborReader;
import dev.countersign.protocol.cbor.CborWriter;
import dev.countersign.protocol.est.CertsOnly;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.protocol.sealed.Block;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.OscoreMessage;
import dev.countersign.protocol.sealed.Rekey;
import dev.countersign.protocol.sealed.SealedMessage;
import dev.countersign.protocol.sealed.SentRequest;
import dev.countersign.protocol.settings.SealedSettings;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.protocol.settings.SettingsReceipt;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.server.credentials.Level;
import dev.countersign.server.relay.Diagnosis.Finding;
import dev.countersign.server.relay.SealedReply;
import dev.countersign.server.secrets.SecretHolder;
import dev.countersign.server.secrets.SecretKind;
import dev.countersign.server.telemetry.StoredReading;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The exchange of sealed messages")
class SealedExchangeTest {
  private static final byte[] R1 = Hexadecimal.decode("a1a2a3a4a5a6a7a8");
  private static final byte[] R3 = Hexadecimal.decode("c1c2c3c4c5c6c7c8");
  private static final byte[] OTHER = Hexadecimal.decode("d1d2d3d4d5d6d7d8");

  private SealedHouse house;
  private SealedDeviceModel device;

  @BeforeEach
  void open() throws Exception {
    house = new SealedHouse();
    device = house.add("P1-77", SecretKind.SEALED, SealedAlgorithm.CCM);
  }

  private static InnerMessage reading(double value) {
    return readings(new CborWriter().map(1).text("temperature").number(value).toByteArray());
  }

  private static InnerMessage readings(byte[] cbor) {
    return InnerMessage.request(CoapCode.POST, "d").withBody(cbor);
  }

  private static InnerMessage pull() {
    return InnerMessage.request(CoapCode.GET, "s");
  }

  private List<StoredReading> stored(SealedDeviceModel of) {
    return house.house.readings.latest(house.house.device(of.serial.value()).id(), 100);
  }

  private void set(String name, double value) throws Exception {
    house.house.settings.change(
        device.serial, Map.of(name, Optional.of(new Scalar.Numeric(value))), house.house.operator);
  }

  @ParameterizedTest
  @EnumSource(SealedAlgorithm.class)
  @DisplayName("a reading is stored with who, how and under which number")
  void stores_a_reading(SealedAlgorithm algorithm) throws Exception {
    SealedDeviceModel other = house.add("P1-78", SecretKind.SEALED, algorithm);
    other.next = 10;
    assertThat(other.ask(reading(19.5)).code()).isEqualTo(CoapCode.CHANGED);

    StoredReading stored = stored(other).getFirst();
    assertThat(stored.reading().value()).isEqualTo(new Scalar.Numeric(19.5));
    assertThat(stored.provenance().level()).isEqualTo(2);
    assertThat(stored.provenance().listener()).isEqualTo("get-r");
    assertThat(stored.provenance().sequence()).hasValue(10);
    assertThat(stored.provenance().fresh()).isFalse();
    other.ask(reading(20));
    assertThat(stored(other).getFirst().provenance().fresh()).isTrue();
  }

  @Test
  @DisplayName("a model may take readings only if they are fresh")
  void requires_fresh_readings() throws Exception {
    SealedDeviceModel strict = house.add("FRESH-1", SecretKind.SEALED, SealedAlgorithm.CCM);
    assertThat(strict.ask(reading(1)).code()).isEqualTo(CoapCode.UNAUTHORIZED);
    assertThat(stored(strict)).isEmpty();
    assertThat(strict.ask(reading(1)).code()).isEqualTo(CoapCode.CHANGED);
    assertThat(stored(strict)).hasSize(1);
  }

  @Test
  @DisplayName("settings are pulled by version, and a receipt needs to be fresh")
  void settings() throws Exception {
    assertThat(SealedSettings.decode(device.ask(pull()).body()).version()).isZero();
    set("interval", 30);
    SettingsAnswer answer = SealedSettings.decode(device.ask(pull()).body());
    assertThat(answer.version()).isEqualTo(1);
    assertThat(device.ask(pull().withQuery("v=1")).code()).isEqualTo(CoapCode.VALID);

    InnerMessage receipt =
        InnerMessage.request(CoapCode.POST, "a")
            .withBody(SealedSettings.encode(new SettingsReceipt(1, answer.settings().sha256())));
    device.echo = Optional.empty();
    assertThat(device.ask(receipt).code()).isEqualTo(CoapCode.UNAUTHORIZED);
    assertThat(device.ask(receipt).code()).isEqualTo(CoapCode.CHANGED);
    house.house.clock.advance(Duration.ofMinutes(12));
    assertThat(device.ask(receipt).code()).isEqualTo(CoapCode.UNAUTHORIZED);
  }

  @Test
  @DisplayName("a receipt that is delivered again takes nothing back")
  void replayed_receipts() throws Exception {
    SentRequest first = receipt(1);
    house.deliver(first.message());
    SentRequest second = receipt(2);
    house.deliver(second.message());
    assertThat(house.deliver(first.message())).isInstanceOf(SealedReply.Answered.class);
    house.house.clock.advance(Duration.ofMinutes(11));
    assertThat(SealedHouse.error(house.deliver(first.message())))
        .isEqualTo(SealedReply.Kind.REPLAY);
    assertThat(
            house
                .house
                .settings
                .status(device.serial)
                .flatMap(status -> status.applied())
                .orElseThrow()
                .version())
        .isEqualTo(2);
  }

  /** The receipt for the next version, made and not delivered. */
  private SentRequest receipt(long version) throws Exception {
    set("interval", (double) version);
    SettingsAnswer answer = SealedSettings.decode(device.ask(pull()).body());
    assertThat(answer.version()).isEqualTo(version);
    return device.seal(
        InnerMessage.request(CoapCode.POST, "a")
            .withBody(
                SealedSettings.encode(new SettingsReceipt(version, answer.settings().sha256()))));
  }

  @Test
  @DisplayName("readings of a device that was here before need no thread that may wait")
  void answers_at_once() throws Exception {
    assertThat(atOnce(device.seal(reading(1)))).isEmpty(); // its context is not made yet
    device.ask(reading(1));
    assertThat(atOnce(device.seal(reading(2)))).isEmpty(); // nor read again since
    device.ask(reading(3));

    SentRequest sent = device.seal(reading(4));
    SealedReply first = atOnce(sent).orElseThrow();
    device.open(sent, SealedHouse.answer(first));
    assertThat(atOnce(sent).map(SealedHouse::answer)).contains(SealedHouse.answer(first));
    assertThat(atOnce(device.sealAs(1, reading(99))).map(SealedHouse::error))
        .contains(SealedReply.Kind.REPLAY);
    assertThat(atOnce(device.seal(pull()))).isEmpty();

    house.house.lifecycle.revoke(device.serial, "lost", house.house.operator);
    assertThat(atOnce(device.seal(reading(5)))).isEmpty();
    assertThat(stored(device)).hasSize(3);
  }

  private Optional<SealedReply> atOnce(SentRequest sent) {
    return house
        .exchange
        .exchangeAtOnce(house.arrival(sent.message().token()))
        .map(reply -> reply.toCompletableFuture().join());
  }

  @Test
  @DisplayName("the same bytes get the same bytes, also when settings have changed meanwhile")
  void duplicates() throws Exception {
    SentRequest sent = device.seal(pull());
    String first = SealedHouse.answer(house.deliver(sent.message()));
    set("interval", 30);
    house.house.clock.advance(Duration.ofMinutes(9));
    SealedReply again = house.deliver(sent.message());
    assertThat(SealedHouse.answer(again)).isEqualTo(first);
    assertThat(again.diagnosis().finding()).isEqualTo(Finding.DUPLICATE);
    house.restart();
    assertThat(SealedHouse.answer(house.deliver(sent.message()))).isEqualTo(first);

    house.house.clock.advance(Duration.ofMinutes(2));
    assertThat(SealedHouse.error(house.deliver(sent.message()))).isEqualTo(SealedReply.Kind.REPLAY);
  }

  @Test
  @DisplayName("a number that was used is never answered for other bytes, and nothing is stored")
  void replays() throws Exception {
    device.ask(reading(1));
    SealedReply reply = house.deliver(device.sealAs(0, reading(99)).message());
    assertThat(SealedHouse.error(reply)).isEqualTo(SealedReply.Kind.REPLAY);
    assertThat(reply.diagnosis().finding()).isEqualTo(Finding.REPLAYED);
    assertThat(stored(device)).hasSize(1);

    device.next = 100;
    device.ask(reading(2));
    SealedReply late = house.deliver(device.sealAs(36, reading(3)).message());
    assertThat(SealedHouse.error(late)).isEqualTo(SealedReply.Kind.REPLAY);
    SealedReply inWindow = house.deliver(device.sealAs(37, reading(4)).message());
    assertThat(inWindow).isInstanceOf(SealedReply.Answered.class);
  }

  @Test
  @DisplayName("a message with a number of its own is stored once under whatever it comes")
  void message_numbers() throws Exception {
    InnerMessage first = reading(1).withQuery("n=5");
    assertThat(device.ask(first).code()).isEqualTo(CoapCode.CHANGED);
    assertThat(device.ask(first).code()).isEqualTo(CoapCode.CHANGED);
    assertThat(device.ask(reading(2).withQuery("n=5")).code()).isEqualTo(CoapCode.CONFLICT);
    device.loseState(R1, R3, pull());
    assertThat(device.ask(first).code()).isEqualTo(CoapCode.CHANGED);
    assertThat(stored(device)).hasSize(1);
    for (String wrong : List.of("n=0", "n=05", "n=9007199254740992", "n=1&n=2", "m=1", "n=")) {
      assertThat(device.ask(InnerMessage.requestTo(CoapCode.POST, "d?" + wrong)).code())
          .as(wrong)
          .isEqualTo(CoapCode.BAD_REQUEST);
    }
  }

  @Test
  @DisplayName("what is wrong inside is told inside, and changes nothing")
  void tells_inside() throws Exception {
    assertThat(device.ask(readings(new byte[] {1})).code()).isEqualTo(CoapCode.BAD_REQUEST);
    assertThat(device.ask(InnerMessage.request(CoapCode.GET, "x")).code())
        .isEqualTo(CoapCode.NOT_FOUND);
    assertThat(device.ask(InnerMessage.request(CoapCode.GET, "d")).code())
        .isEqualTo(CoapCode.METHOD_NOT_ALLOWED);
    assertThat(device.ask(pull().withQuery("v=-1")).code()).isEqualTo(CoapCode.BAD_REQUEST);
    assertThat(stored(device)).isEmpty();
  }

  @Test
  @DisplayName("unknown, altered, revoked and too low a level are refused alike")
  void refuses_alike() throws Exception {
    var stranger =
        new SealedDeviceModel(
            house,
            DeviceKey.ofSecret(new byte[32]),
            new DeviceSerial("nobody-1"),
            SealedAlgorithm.CCM,
            false);
    var wrongKey =
        new SealedDeviceModel(
            house, DeviceKey.ofSecret(new byte[32]), device.serial, SealedAlgorithm.CCM, false);
    var tooLow =
        new SealedDeviceModel(house, device.key(), device.serial, SealedAlgorithm.CCM, true);
    SealedDeviceModel revoked = house.add("P1-79", SecretKind.SEALED, SealedAlgorithm.CCM);
    house.house.lifecycle.revoke(revoked.serial, "stolen", house.house.operator);
    for (SealedDeviceModel one : List.of(stranger, wrongKey, tooLow, revoked)) {
      SealedReply reply = house.deliver(one.seal(reading(1)).message());
      assertThat(SealedHouse.error(reply)).isEqualTo(SealedReply.Kind.UNAUTHENTICATED);
      assertThat(stored(device)).isEmpty();
    }
  }

  @Test
  @DisplayName("every flipped bit of a request is refused, and changes no state")
  void refuses_flipped_bits() throws Exception {
    SentRequest sent = device.seal(reading(1));
    String token = sent.message().token();
    byte[] bytes = token.getBytes(US_ASCII);
    for (int i = 0; i < 8 * bytes.length; i++) {
      byte[] flipped = bytes.clone();
      flipped[i / 8] ^= (byte) (1 << (i % 8));
      if ((flipped[i / 8] & 0x80) != 0) {
        continue; // not ASCII, which no carrier can bring
      }
      assertThat(house.deliver(new String(flipped, US_ASCII)))
          .as("bit " + i)
          .isInstanceOf(SealedReply.OuterError.class);
    }
    assertThat(stored(device)).isEmpty();
    assertThat(house.deliver(token)).isInstanceOf(SealedReply.Answered.class);
  }

  @Test
  @DisplayName("an answer opens for its own request and device, and for no other")
  void binds_answers() throws Exception {
    SealedDeviceModel other = house.add("P1-78", SecretKind.SEALED, SealedAlgorithm.CCM);
    SentRequest mine = device.seal(pull());
    SentRequest next = device.seal(pull());
    SentRequest theirs = other.seal(pull());
    SealedMessage answer = SealedMessage.parse(SealedHouse.answer(house.deliver(mine.message())));
    assertThat(mine.open(answer).code()).isEqualTo(CoapCode.CONTENT);
    for (SentRequest wrong : List.of(next, theirs)) {
      assertThatThrownBy(() -> wrong.open(answer)).isInstanceOf(NotAuthenticException.class);
    }
  }

  @Test
  @DisplayName("after lost state a new context counts, and those before never again")
  void lost_state() throws Exception {
    SentRequest old = device.seal(reading(1));
    device.ask(reading(2));
    device.loseState(R1, R3, pull());
    SentRequest conclusion = device.seal(pull());
    String answer = SealedHouse.answer(house.deliver(conclusion.message()));
    device.open(conclusion, answer);
    assertThat(device.ask(reading(3)).code()).isEqualTo(CoapCode.CHANGED);
    assertThat(SealedHouse.answer(house.deliver(conclusion.message()))).isEqualTo(answer);

    assertThat(SealedHouse.error(house.deliver(old.message())))
        .isEqualTo(SealedReply.Kind.UNAUTHENTICATED);
    device.loseState(OTHER, R3, pull());
    device.ask(pull());
    assertThat(SealedHouse.error(house.deliver(conclusion.message())))
        .isEqualTo(SealedReply.Kind.UNAUTHENTICATED);
    assertThat(stored(device)).hasSize(2);
  }

  @Test
  @DisplayName("without its kid context it is the same message, and no sign of a second device")
  void kid_context_taken_away() throws Exception {
    device.loseState(R1, R3, pull());
    SentRequest conclusion = device.seal(pull());
    String answer = SealedHouse.answer(house.deliver(conclusion.message()));
    var message = (OscoreMessage) conclusion.message();
    byte[] option = message.option().encode();
    assertThat(option[0]).as("a kid context, a kid, and a byte of Partial IV").isEqualTo((byte) 25);
    byte[] bare = {9, option[1], 0, 0, 0, 0, 0, 0};
    System.arraycopy(option, option.length - KeyId.BYTES, bare, 2, KeyId.BYTES);

    SealedReply reply = house.deliver(OscoreMessage.of(bare, message.ciphertext()));

    assertThat(reply.diagnosis().finding()).isEqualTo(Finding.DUPLICATE);
    assertThat(SealedHouse.answer(reply)).isEqualTo(answer);
  }

  @Test
  @DisplayName("the message that ends an agreement, twice at once, is one message")
  void concludes_once() {
    SecretHolder holder = house.house.secrets.current(device.serial).orElseThrow();
    byte[] agreed = new byte[24];
    SealedContext first = house.book().begin(holder, Level.SEALED, agreed);
    assertThat(house.book().begin(holder, Level.SEALED, agreed.clone()))
        .as("one series, so that the number is free once")
        .isEqualTo(first);
    assertThat(house.book().begin(holder, Level.SEALED, null)).isEqualTo(first);
  }

  @Test
  @DisplayName("a device that is added again under its serial agrees on a new context first")
  void added_again() throws Exception {
    house.contexts.used.add(KeyId.of(device.serial, 1));
    assertThat(SealedHouse.error(house.deliver(device.seal(reading(1)).message())))
        .isEqualTo(SealedReply.Kind.UNAUTHENTICATED);
    device.loseState(R1, R3, pull());
    assertThat(device.ask(reading(2)).code()).isEqualTo(CoapCode.CHANGED);
    assertThat(stored(device)).hasSize(1);
  }

  @Test
  @DisplayName("an offer is good once, and for an hour")
  void offers_end() throws Exception {
    device.loseState(R1, R3, pull());
    house.restart(); // what was offered is forgotten
    assertThat(SealedHouse.error(house.deliver(device.seal(pull()).message())))
        .isEqualTo(SealedReply.Kind.UNAUTHENTICATED);
  }

  @Test
  @DisplayName("after a restore or a lost window only a new agreement is answered")
  void must_resync() throws Exception {
    device.ask(reading(1));
    house.house.readings.remove(house.house.device("P1-77").id());
    for (int i = 0; i < 3; i++) {
      assertThat(SealedHouse.error(house.deliver(device.seal(reading(2)).message())))
          .isEqualTo(SealedReply.Kind.UNAUTHENTICATED);
    }
    device.loseState(R1, R3, pull());
    assertThat(device.ask(reading(3)).code()).isEqualTo(CoapCode.CHANGED);

    assertThat(house.requireResyncOfAll()).isEqualTo(1);
    assertThat(SealedHouse.error(house.deliver(device.seal(reading(4)).message())))
        .isEqualTo(SealedReply.Kind.UNAUTHENTICATED);
  }

  @Test
  @DisplayName("a device that only computes MACs finds back by a challenge, and replays do not")
  void mac_recovery() throws Exception {
    SealedDeviceModel mac = house.add("M-1", SecretKind.MAC, SealedAlgorithm.CCM);
    mac.next = 7;
    assertThat(mac.ask(reading(1)).code()).isEqualTo(CoapCode.CHANGED);
    SentRequest recorded = mac.sealAs(50, reading(2));
    InnerMessage challenge = InnerMessage.request(CoapCode.GET, "e").withBody(new byte[16]);
    var sent = mac.sealAs(0, challenge);
    InnerMessage answer = mac.open(sent, SealedHouse.answer(house.deliver(sent.message())));
    var in = new CborReader(answer.body());
    in.map("body");
    in.unsigned("1");
    mac.echo = Optional.of(in.bytes("echo", 8));
    in.unsigned("2");
    mac.next = in.unsigned("next");
    assertThat(mac.next).isEqualTo(7 + 65);
    assertThat(mac.ask(reading(3)).code()).isEqualTo(CoapCode.CHANGED);

    house.requireResyncOfAll();
    house.house.clock.advance(Duration.ofMinutes(20));
    assertThat(SealedHouse.error(house.deliver(mac.seal(reading(4)).message())))
        .isEqualTo(SealedReply.Kind.UNAUTHENTICATED);
    sent = mac.sealAs(0, challenge);
    answer = mac.open(sent, SealedHouse.answer(house.deliver(sent.message())));
    in = new CborReader(answer.body());
    in.map("body");
    in.unsigned("1");
    mac.echo = Optional.of(in.bytes("echo", 8));
    assertThat(mac.ask(reading(5)).code()).isEqualTo(CoapCode.CHANGED);
    assertThat(SealedHouse.error(house.deliver(recorded.message())))
        .as("what was recorded before is below all that counts now")
        .isEqualTo(SealedReply.Kind.REPLAY);
  }

  @Test
  @DisplayName("a new key counts beside the old until the device has used it")
  void rekeys() throws Exception {
    device.ask(pull());
    Rekey offer = Rekey.decode(device.ask(InnerMessage.request(CoapCode.GET, "k")).body());
    EphemeralKey own = EphemeralKey.generate(house.house.random);
    byte[] shared = Rekey.shared(own.agree(offer.content()), offer.content(), own.point());
    InnerMessage accept =
        InnerMessage.request(CoapCode.POST, "k")
            .withBody(new Rekey(offer.generation(), own.point()).encode());
    SentRequest old = device.seal(accept);
    assertThat(device.open(old, SealedHouse.answer(house.deliver(old.message()))).code())
        .isEqualTo(CoapCode.CHANGED);
    assertThat(device.ask(reading(1)).code()).as("the old one").isEqualTo(CoapCode.CHANGED);
    SentRequest late = device.seal(reading(2));

    device.rekeyed(device.key().next(shared));
    assertThat(device.ask(reading(3)).code()).as("the new one").isEqualTo(CoapCode.CHANGED);
    assertThat(SealedHouse.error(house.deliver(late.message())))
        .as("the old one after that")
        .isEqualTo(SealedReply.Kind.UNAUTHENTICATED);
  }

  @Test
  @DisplayName("a device without elliptic curves gets a secret")
  void rekeys_without_curves() throws Exception {
    device.ask(pull());
    Rekey offer = Rekey.decode(device.ask(InnerMessage.requestTo(CoapCode.GET, "k?x=1")).body());
    assertThat(offer.content()).hasSize(32);
    InnerMessage accept =
        InnerMessage.request(CoapCode.POST, "k")
            .withBody(new Rekey(offer.generation(), new byte[0]).encode());
    assertThat(device.ask(accept).code()).isEqualTo(CoapCode.CHANGED);
    device.rekeyed(device.key().next(offer.content()));
    assertThat(device.ask(reading(1)).code()).isEqualTo(CoapCode.CHANGED);
    assertThat(device.generation()).isEqualTo(2);
  }

  @Test
  @DisplayName("large settings come block by block, and of one version")
  void blocks_of_settings() throws Exception {
    for (int i = 0; i < 40; i++) {
      set("parameter-" + i, i);
    }
    var whole = new ByteArrayOutputStream();
    InnerMessage first = device.ask(pull().withBlock2(new Block(0, false, 64)));
    byte[] etag = first.etag().orElseThrow();
    whole.writeBytes(first.body());
    set("parameter-0", 99);
    boolean more = first.block2().orElseThrow().more();
    for (int number = 1; more; number++) {
      InnerMessage next = device.ask(pull().withBlock2(new Block(number, false, 64)));
      assertThat(next.etag().orElseThrow()).isEqualTo(etag);
      whole.writeBytes(next.body());
      more = next.block2().orElseThrow().more();
    }
    assertThat(SealedSettings.decode(whole.toByteArray()).version()).isEqualTo(40);

    house.house.clock.advance(Duration.ofSeconds(61));
    house.restart();
    InnerMessage later = device.ask(pull().withBlock2(new Block(1, false, 64)));
    assertThat(later.etag().orElseThrow()).as("another version").isNotEqualTo(etag);
  }

  @Test
  @DisplayName("a certificate is had through the relay, in blocks both ways")
  void enrols() throws Exception {
    byte[] csr = CertificateRequest.create(house.house.newKey()).der();
    device.ask(pull());
    InnerMessage answer = InnerMessage.of(0);
    int size = 128;
    for (int from = 0; from < csr.length; from += size) {
      int end = Math.min(csr.length, from + size);
      answer =
          device.ask(
              InnerMessage.request(CoapCode.POST, "est/sen")
                  .withRequestTag(new byte[] {7})
                  .withBlock1(new Block(from / size, end < csr.length, size))
                  .withBlock2(new Block(0, false, size))
                  .withBody(Arrays.copyOfRange(csr, from, end)));
      assertThat(answer.code()).isEqualTo(end < csr.length ? CoapCode.CONTINUE : CoapCode.CHANGED);
    }
    var whole = new ByteArrayOutputStream();
    whole.writeBytes(answer.body());
    for (int number = 1; answer.block2().orElseThrow().more(); number++) {
      answer =
          device.ask(
              InnerMessage.request(CoapCode.POST, "est/sen")
                  .withBlock2(new Block(number, false, size)));
      whole.writeBytes(answer.body());
    }
    assertThat(CertsOnly.decode(whole.toByteArray()).getFirst().getSubjectX500Principal().getName())
        .contains(Hexadecimal.encode("P1-77".getBytes(US_ASCII)));
    assertThat(device.ask(InnerMessage.request(CoapCode.GET, "est/crts")).code())
        .isEqualTo(CoapCode.CONTENT);
  }

  @Test
  @DisplayName("blocks of two bodies never mix")
  void keeps_blocks_apart() throws Exception {
    device.ask(pull());
    InnerMessage request = InnerMessage.request(CoapCode.POST, "d");
    device.ask(
        request
            .withRequestTag(new byte[] {1})
            .withBlock1(new Block(0, true, 16))
            .withBody(new byte[16]));
    assertThat(
            device
                .ask(
                    request
                        .withRequestTag(new byte[] {2})
                        .withBlock1(new Block(1, false, 16))
                        .withBody(new byte[3]))
                .code())
        .isEqualTo(CoapCode.REQUEST_ENTITY_INCOMPLETE);
  }
}
