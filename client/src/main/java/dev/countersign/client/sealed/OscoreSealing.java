// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.LostState;
import dev.countersign.protocol.sealed.OscoreContext;
import dev.countersign.protocol.sealed.OscoreMessage;
import dev.countersign.protocol.sealed.SealedMessage;
import dev.countersign.protocol.sealed.SentRequest;
import java.io.IOException;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Level 2: OSCORE. A device of this SDK begins with the exchange for lost state (RFC 8613 appendix
 * B.2) already at first contact, since it cannot tell a new device from one that forgot.
 */
final class OscoreSealing implements Sealing {
  /** What an ID Context of appendix B.2 has: R2 and R3. */
  private static final int R2_BYTES = 2 * LostState.RANDOM_BYTES;

  private static final int CONTEXT_BYTES = 3 * LostState.RANDOM_BYTES;

  /** Flags, five bytes of Partial IV, the context's length, its CBOR head and bytes, the kid. */
  private static final int MAX_OPTION_BYTES = 1 + 5 + 1 + 2 + CONTEXT_BYTES + KeyId.BYTES;

  private final GenerationKey key;
  private final DeviceSerial serial;
  private final SealedAlgorithm algorithm;
  private final SequenceNumbers numbers;
  private final Random random;
  private @Nullable OscoreContext context;
  private boolean lost;

  /**
   * Takes the key over.
   *
   * @param random a source of randomness that nobody can foresee
   */
  OscoreSealing(
      GenerationKey key,
      DeviceSerial serial,
      SealedAlgorithm algorithm,
      SequenceNumbers numbers,
      Random random) {
    this.key = key;
    this.serial = serial;
    this.algorithm = algorithm;
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
    OscoreContext current = context();
    return current.seal(numbers.next(), request, numbers.numbers().announced());
  }

  private OscoreContext context() {
    if (context == null) {
      context = contextOf(numbers.context());
    }
    return context;
  }

  private OscoreContext contextOf(Optional<byte[]> idContext) {
    return OscoreContext.ofDevice(key.key(), serial, key.generation(), algorithm, idContext);
  }

  @Override
  public InnerMessage open(SentRequest sent, SealedMessage answer)
      throws IOException, ProtocolException {
    InnerMessage opened = sent.open(answer);
    numbers.known();
    return opened;
  }

  /**
   * RFC 8613 appendix B.2, the first two of its messages; the third is whatever the device asks
   * next. The new context is durable before anything is sealed under it.
   */
  @Override
  public void recover(Carrying carrying) throws IOException, ProtocolException {
    byte[] r1 = randomBytes();
    try (OscoreContext first = contextOf(Optional.of(r1))) {
      var sent = (SentRequest.Oscore) first.seal(0, InnerMessage.request(CoapCode.GET, "t"), true);
      byte[] r2 = challenge(sent, r1, carrying.exchange(sent.message()));
      begin(LostState.join(r2, randomBytes()));
    }
  }

  private byte[] randomBytes() {
    var bytes = new byte[LostState.RANDOM_BYTES];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] challenge(SentRequest.Oscore sent, byte[] r1, SealedMessage answer)
      throws ProtocolException {
    Optional<byte[]> named =
        answer instanceof OscoreMessage oscore ? oscore.option().kidContext() : Optional.empty();
    if (!named.isPresent()) {
      throw new MalformedException("answer", "expected one that names a new ID Context");
    }
    byte[] r2 = LostState.idContext(named.get());
    if (r2.length != R2_BYTES) {
      throw new MalformedException("answer", "expected an ID Context of " + R2_BYTES + " bytes");
    }
    try (OscoreContext second = contextOf(Optional.of(LostState.join(r2, r1)))) {
      if (sent.openUnder(second, answer).code() != CoapCode.UNAUTHORIZED) {
        throw new MalformedException("answer", "expected 4.01 under a new ID Context");
      }
    }
    return r2;
  }

  private void begin(byte[] idContext) throws IOException {
    numbers.begin(idContext);
    if (context != null) {
      context.close();
    }
    context = null;
    lost = false;
  }

  @Override
  public int tokenChars(InnerMessage request) {
    int bytes = request.encode().length + algorithm.tagBytes();
    return "o1..".length() + base64Chars(MAX_OPTION_BYTES) + base64Chars(bytes);
  }

  private static int base64Chars(int bytes) {
    return (bytes * 4 + 2) / 3;
  }

  @Override
  public void close() {
    if (context != null) {
      context.close();
    }
    key.close();
  }
}
