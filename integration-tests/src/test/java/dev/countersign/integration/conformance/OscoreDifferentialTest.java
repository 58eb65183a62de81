// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.protocol.sealed.Block;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.OpenedRequest;
import dev.countersign.protocol.sealed.OscoreContext;
import dev.countersign.protocol.sealed.OscoreMessage;
import dev.countersign.protocol.sealed.SealedMessage;
import dev.countersign.protocol.sealed.SentRequest;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Random exchanges with Eclipse Californium on the other side, as server and as device.
 *
 * <p>{@code -Dcountersign.oscore.exchanges=10000} makes it more of them; a failure names its seed.
 */
@DisplayName("OSCORE (RFC 8613) as another implementation speaks it")
class OscoreDifferentialTest {
  private static final int EXCHANGES = Integer.getInteger("countersign.oscore.exchanges", 1000);
  private static final int[] ANSWERS = {
    CoapCode.VALID,
    CoapCode.CHANGED,
    CoapCode.CONTENT,
    CoapCode.CONTINUE,
    CoapCode.BAD_REQUEST,
    CoapCode.UNAUTHORIZED,
    CoapCode.NOT_FOUND,
    CoapCode.REQUEST_ENTITY_TOO_LARGE,
    CoapCode.SERVICE_UNAVAILABLE
  };
  private static final String[] TARGETS = {
    "s?v=12", "d", "a", "t", "k?x=1", "est/sen", "x/y?a&b=c"
  };

  @BeforeAll
  static void quiet() {
    // It has a line for each step of each message.
    ((Logger) LoggerFactory.getLogger("org.eclipse.californium")).setLevel(Level.OFF);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("each opens what the other sealed, and both seal the same bytes")
  void exchanges(SealedAlgorithm algorithm) throws Exception {
    int each = EXCHANGES / SealedAlgorithm.values().length + 1;
    for (int seed = 0; seed < each; seed++) {
      try {
        new Exchange(algorithm, new Random(seed)).run();
      } catch (Exception | AssertionError e) {
        throw new AssertionError("exchange with the seed " + seed + " by " + algorithm, e);
      }
    }
    System.out.println(algorithm + ": " + each + " exchanges in both directions");
  }

  /** One device, one request and one answer, each sealed by both and opened by both. */
  private static final class Exchange {
    private final Random random;
    private final OscoreContext device;
    private final OscoreContext server;
    private final CaliforniumOscore otherDevice;
    private final CaliforniumOscore otherServer;
    private final int sequence;

    Exchange(SealedAlgorithm algorithm, Random random) throws Exception {
      this.random = random;
      var serial = new DeviceSerial("P1-" + random.nextInt(1_000_000));
      byte[] idContext = random.nextBoolean() ? bytes(1 + random.nextInt(24)) : null;
      Optional<byte[]> ours = Optional.ofNullable(idContext);
      try (DeviceKey key = DeviceKey.ofSecret(bytes(16 + random.nextInt(40)))) {
        device = OscoreContext.ofDevice(key, serial, 1, algorithm, ours);
        server = OscoreContext.ofServer(key, serial, 1, algorithm, ours);
        otherDevice = new CaliforniumOscore(true, key, serial, algorithm, idContext);
        otherServer = new CaliforniumOscore(false, key, serial, algorithm, idContext);
      }
      // Each length of a Partial IV that an int has.
      sequence = random.nextInt() >>> (1 + random.nextInt(31));
    }

    void run() throws Exception {
      InnerMessage request = request();
      InnerMessage answer = answer();
      SentRequest sent = device.seal(sequence, request, false);
      assertThat(otherDevice.seal(sequence, request)).isEqualTo(sent.message());

      var received = (OscoreMessage) SealedMessage.parse(sent.message().token());
      assertThat(otherServer.open(received)).isEqualTo(request);
      OpenedRequest opened = server.open(received);
      assertThat(opened.message()).isEqualTo(request);
      assertThat(opened.sequence()).isEqualTo(sequence);

      SealedMessage sealed = opened.answer(answer);
      assertThat(otherServer.answer(sequence, answer)).isEqualTo(sealed);
      assertThat(sent.open(sealed)).isEqualTo(answer);
      assertThat(otherDevice.openAnswer(sequence, (OscoreMessage) sealed)).isEqualTo(answer);
    }

    private InnerMessage request() {
      int code = random.nextBoolean() ? CoapCode.GET : CoapCode.POST;
      InnerMessage message = InnerMessage.requestTo(code, TARGETS[random.nextInt(TARGETS.length)]);
      if (code == CoapCode.POST && random.nextInt(3) == 0) {
        Block block = block();
        message = message.withBlock1(block).withRequestTag(bytes(random.nextInt(9)));
        return message.withBody(body(block));
      }
      return common(message);
    }

    private InnerMessage answer() {
      InnerMessage message = InnerMessage.of(ANSWERS[random.nextInt(ANSWERS.length)]);
      if (message.code() != CoapCode.VALID && random.nextInt(3) == 0) {
        Block block = block();
        return message.withBlock2(block).withBody(body(block));
      }
      return common(random.nextBoolean() ? message.withEtag(random.nextLong() >>> 1) : message);
    }

    private InnerMessage common(InnerMessage message) {
      InnerMessage with = random.nextBoolean() ? message.withEcho(bytes(8)) : message;
      // Californium gives no body to what has none by RFC 7252.
      boolean bare = message.code() == CoapCode.GET || message.code() == CoapCode.VALID;
      if (bare || random.nextInt(3) == 0) {
        return with;
      }
      byte[] body = bytes(1 + random.nextInt(1024));
      return with.withContentFormat(random.nextInt(400)).withBody(body);
    }

    /** As much as the block says; the last one may be shorter. */
    private byte[] body(Block block) {
      return bytes(block.more() ? block.sizeBytes() : 1 + random.nextInt(block.sizeBytes()));
    }

    private Block block() {
      return new Block(random.nextInt(1000), random.nextBoolean(), 16 << random.nextInt(7));
    }

    private byte[] bytes(int length) {
      var bytes = new byte[length];
      random.nextBytes(bytes);
      return bytes;
    }
  }
}
