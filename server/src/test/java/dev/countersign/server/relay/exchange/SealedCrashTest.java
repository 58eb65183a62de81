// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.cbor.CborWriter;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.protocol.sealed.Block;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.Rekey;
import dev.countersign.protocol.sealed.SentRequest;
import dev.countersign.protocol.settings.SealedSettings;
import dev.countersign.protocol.settings.SettingsReceipt;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.server.ledger.CertificateState;
import dev.countersign.server.secrets.SecretKind;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A process that ends at a step of an exchange, and the same request again")
class SealedCrashTest {
  private SealedHouse house;
  private SealedDeviceModel device;

  @BeforeEach
  void open() throws Exception {
    house = new SealedHouse();
    device = house.add("P1-77", SecretKind.SEALED, SealedAlgorithm.CCM);
    device.ask(InnerMessage.request(CoapCode.GET, "s"));
  }

  /**
   * Delivers a request to a process that ends at this step, and again to the next ones.
   *
   * @return the answer
   */
  private InnerMessage over(CrashingStore.Step step, InnerMessage request) throws Exception {
    SentRequest sent = device.seal(request);
    house.around = store -> new CrashingStore(store, step);
    house.restart();
    if (step != CrashingStore.Step.NEVER) {
      assertThatThrownBy(() -> house.deliver(sent.message()))
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(CrashingStore.Crash.class);
    }
    house.around = store -> store;
    house.restart();
    String answer = SealedHouse.answer(house.deliver(sent.message()));
    Set<String> all = new HashSet<>(List.of(answer));
    for (int i = 0; i < 3; i++) {
      house.restart();
      all.add(SealedHouse.answer(house.deliver(sent.message())));
    }
    assertThat(all).as("one answer under one number").hasSize(1);
    return device.open(sent, answer);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a reading is stored once")
  void stores_once(CrashingStore.Step step) throws Exception {
    InnerMessage reading =
        InnerMessage.request(CoapCode.POST, "d")
            .withBody(new CborWriter().map(1).text("n").unsigned(7).toByteArray());
    assertThat(over(step, reading).code()).isEqualTo(CoapCode.CHANGED);
    assertThat(house.house.readings.latest(house.house.device("P1-77").id(), 10)).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("settings are answered once, though they change in between")
  void answers_settings_once(CrashingStore.Step step) throws Exception {
    assertThat(over(step, InnerMessage.request(CoapCode.GET, "s")).code())
        .isEqualTo(CoapCode.CONTENT);
  }

  /** What needs an Echo gets one of the process that will answer. */
  private void refresh() throws Exception {
    device.ask(InnerMessage.request(CoapCode.GET, "s"));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a receipt is kept, or asked for again with a new Echo")
  void keeps_receipts(CrashingStore.Step step) throws Exception {
    house.house.settings.change(
        device.serial,
        Map.of("interval", Optional.of(new Scalar.Numeric(30))),
        house.house.operator);
    var sha256 = SealedSettings.decode(pulled()).settings().sha256();
    InnerMessage receipt =
        InnerMessage.request(CoapCode.POST, "a")
            .withBody(SealedSettings.encode(new SettingsReceipt(1, sha256)));
    // Another process knows another Echo: the device is told, and sends once more.
    assertThat(over(step, receipt).code()).isEqualTo(CoapCode.UNAUTHORIZED);
    refresh();
    assertThat(device.ask(receipt).code()).isEqualTo(CoapCode.CHANGED);
    assertThat(house.house.settings.status(device.serial).orElseThrow().applied()).isPresent();
  }

  private byte[] pulled() throws Exception {
    return device.ask(InnerMessage.request(CoapCode.GET, "s")).body();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a certificate is issued once for a key")
  void issues_once(CrashingStore.Step step) throws Exception {
    byte[] csr = CertificateRequest.create(house.house.newKey()).der();
    InnerMessage request =
        InnerMessage.request(CoapCode.POST, "est/sen")
            .withBlock2(new Block(0, false, 1024))
            .withBody(csr);
    refresh();
    SentRequest sent = device.seal(request);
    if (step == CrashingStore.Step.BEFORE_COMMIT) {
      // The same process answers the same bytes, whose Echo it knows; its store fails once.
      house.failNextCommit();
      assertThatThrownBy(() -> house.deliver(sent.message()))
          .hasCauseInstanceOf(CrashingStore.Crash.class);
    }
    String answer = SealedHouse.answer(house.deliver(sent.message()));
    assertThat(device.open(sent, answer).code()).isEqualTo(CoapCode.CHANGED);
    assertThat(SealedHouse.answer(house.deliver(sent.message()))).isEqualTo(answer);
    Map<CertificateState, Long> issued = house.house.database.read(house.house.ledger::count);
    assertThat(issued.getOrDefault(CertificateState.ISSUED, 0L)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a rekey that was cut off is begun again")
  void rekeys_again(CrashingStore.Step step) throws Exception {
    Rekey offer = Rekey.decode(device.ask(InnerMessage.request(CoapCode.GET, "k")).body());
    EphemeralKey own = EphemeralKey.generate(house.house.random);
    InnerMessage accept =
        InnerMessage.request(CoapCode.POST, "k")
            .withBody(new Rekey(offer.generation(), own.point()).encode());
    assertThat(over(step, accept).code()).isEqualTo(CoapCode.UNAUTHORIZED);
    refresh();
    assertThat(device.ask(accept).code()).as("its offer is forgotten").isEqualTo(CoapCode.CONFLICT);
    Rekey again = Rekey.decode(device.ask(InnerMessage.request(CoapCode.GET, "k")).body());
    byte[] shared = Rekey.shared(own.agree(again.content()), again.content(), own.point());
    assertThat(
            device
                .ask(
                    InnerMessage.request(CoapCode.POST, "k")
                        .withBody(new Rekey(again.generation(), own.point()).encode()))
                .code())
        .isEqualTo(CoapCode.CHANGED);
    device.rekeyed(device.key().next(shared));
    assertThat(device.ask(InnerMessage.request(CoapCode.GET, "s")).code())
        .isEqualTo(CoapCode.CONTENT);
    Arrays.fill(shared, (byte) 0);
  }
}
