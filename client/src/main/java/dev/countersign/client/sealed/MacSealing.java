// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.cbor.CborReader;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.MacContext;
import dev.countersign.protocol.sealed.SealedMessage;
import dev.countersign.protocol.sealed.SentRequest;
import java.io.IOException;
import java.util.Random;

/**
 * Level 1: COSE_Mac0. Everybody on the way can read, nobody can forge. First contact and lost state
 * are one question, {@code GET e}, by which the server tells the next number.
 */
final class MacSealing implements Sealing {
  private static final int CHALLENGE_BYTES = 16;
  private static final int MAX_ECHO_BYTES = 40;
  private static final int ECHO = 1;
  private static final int NEXT = 2;

  private final GenerationKey key;
  private final MacContext context;
  private final SequenceNumbers numbers;
  private final Random random;
  private boolean lost;

  MacSealing(GenerationKey key, DeviceSerial serial, SequenceNumbers numbers, Random random) {
    this.key = key;
    this.context = MacContext.of(key.key(), serial, key.generation());
    this.numbers = numbers;
    this.random = random;
  }

  @Override
  public int generation() {
    return key.generation();
  }

  @Override
  public boolean isLost() {
    return lost || numbers.isLost();
  }

  @Override
  public void lose() {
    lost = true;
  }

  @Override
  public SentRequest seal(InnerMessage request) throws IOException {
    return context.seal(numbers.next(), request);
  }

  @Override
  public InnerMessage open(SentRequest sent, SealedMessage answer)
      throws IOException, ProtocolException {
    return sent.open(answer);
  }

  @Override
  public void recover(Carrying carrying) throws IOException, ProtocolException {
    var challenge = new byte[CHALLENGE_BYTES];
    random.nextBytes(challenge);
    // Number 0 is for this question alone; what makes it new is the challenge.
    SentRequest sent = context.seal(0, InnerMessage.request(CoapCode.GET, "e").withBody(challenge));
    InnerMessage answer = sent.open(carrying.exchange(sent.message()));
    if (answer.code() != CoapCode.CONTENT) {
      throw new MalformedException("answer", "expected 2.05, got " + CoapCode.text(answer.code()));
    }
    numbers.goOn(next(answer.body()));
    lost = false;
  }

  private static long next(byte[] body) throws MalformedException {
    var in = new CborReader(body);
    if (in.map("answer") != 2 || in.unsigned("answer") != ECHO) {
      throw new MalformedException("answer", "expected {1: Echo, 2: next number}");
    }
    in.bytes("Echo", MAX_ECHO_BYTES);
    if (in.unsigned("answer") != NEXT) {
      throw new MalformedException("answer", "expected {1: Echo, 2: next number}");
    }
    long next = in.unsigned("next");
    in.end();
    if (next == 0) {
      throw new MalformedException("next", "expected a number from 1");
    }
    return next;
  }

  @Override
  public int tokenChars(InnerMessage request) {
    return context.seal(SequenceNumbers.END, request).message().token().length();
  }

  @Override
  public void close() {
    context.close();
    key.close();
  }
}
