// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.LostState;
import dev.countersign.protocol.sealed.MacContext;
import dev.countersign.protocol.sealed.OscoreContext;
import dev.countersign.protocol.sealed.OscoreMessage;
import dev.countersign.protocol.sealed.SealedMessage;
import dev.countersign.protocol.sealed.SentRequest;
import java.util.Optional;

/** A device of a few lines, as docs/protocol.md describes it. */
final class SealedDeviceModel {
  private final SealedHouse house;
  private final SealedAlgorithm algorithm;
  private final boolean macOnly;
  final DeviceSerial serial;
  private DeviceKey key;
  private int generation = 1;
  private Optional<byte[]> idContext = Optional.empty();
  private boolean announce;
  long next;
  Optional<byte[]> echo = Optional.empty();

  SealedDeviceModel(
      SealedHouse house,
      DeviceKey key,
      DeviceSerial serial,
      SealedAlgorithm algorithm,
      boolean macOnly) {
    this.house = house;
    this.key = key;
    this.serial = serial;
    this.algorithm = algorithm;
    this.macOnly = macOnly;
  }

  DeviceKey key() {
    return key;
  }

  int generation() {
    return generation;
  }

  /** Goes on under the next generation. */
  void rekeyed(DeviceKey other) {
    key = other;
    generation++;
    idContext = Optional.empty();
    announce = false;
    next = 0;
  }

  private OscoreContext context(Optional<byte[]> id) {
    return OscoreContext.ofDevice(key, serial, generation, algorithm, id);
  }

  SentRequest seal(InnerMessage request) {
    return sealAs(next++, request);
  }

  SentRequest sealAs(long sequence, InnerMessage request) {
    InnerMessage complete = echo.isPresent() ? request.withEcho(echo.get()) : request;
    return macOnly
        ? MacContext.of(key, serial, generation).seal(sequence, complete)
        : context(idContext).seal(sequence, complete, announce);
  }

  /** Sends a request and opens the answer. */
  InnerMessage ask(InnerMessage request) throws Exception {
    SentRequest sent = seal(request);
    return open(sent, SealedHouse.answer(house.deliver(sent.message())));
  }

  InnerMessage open(SentRequest sent, String answer) throws Exception {
    InnerMessage opened = sent.open(SealedMessage.parse(answer));
    echo = opened.echo();
    announce = false;
    return opened;
  }

  /** Loses its state and agrees on a new context, up to the request that concludes it. */
  void loseState(byte[] r1, byte[] r3, InnerMessage first) throws Exception {
    echo = Optional.empty();
    var begin = (SentRequest.Oscore) context(Optional.of(r1)).seal(0, first, true);
    var offer =
        (OscoreMessage) SealedMessage.parse(SealedHouse.answer(house.deliver(begin.message())));
    byte[] r2 = LostState.idContext(offer.option().kidContext().orElseThrow());
    begin.openUnder(context(Optional.of(LostState.join(r2, r1))), offer);
    idContext = Optional.of(LostState.join(r2, r3));
    announce = true;
    next = 0;
  }
}
