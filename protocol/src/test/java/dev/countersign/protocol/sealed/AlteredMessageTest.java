// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.keys.SealedAlgorithm;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What somebody on the way can do to a message: all of it must be seen. */
@DisplayName("A message that was altered on the way is refused")
class AlteredMessageTest {
  private static final String SECRET = "a secret";
  private static final byte[] AGREED = LostState.join(new byte[16], new byte[] {3, 3, 3, 3});
  private static final InnerMessage REQUEST =
      InnerMessage.requestTo(CoapCode.POST, "d")
          .withEcho(new byte[] {1, 2, 3, 4, 5, 6, 7, 8})
          .withBody(HexFormat.of().parseHex("a16b74656d7065726174757265f94ce0"));
  private static final InnerMessage ANSWER =
      InnerMessage.of(CoapCode.CHANGED).withEcho(new byte[] {8, 7, 6, 5, 4, 3, 2, 1});

  private static Sides sides(SealedAlgorithm algorithm, Optional<byte[]> idContext) {
    return Sides.of(SECRET, algorithm, idContext);
  }

  private static Optional<byte[]> context(boolean agreed) {
    return agreed ? Optional.of(AGREED) : Optional.empty();
  }

  /** A server that takes the ID Context a message names, and else the one that was agreed on. */
  private static OpenedRequest serve(
      SealedAlgorithm algorithm, Optional<byte[]> idContext, SealedMessage message)
      throws ProtocolException {
    if (message instanceof MacMessage mac) {
      return sides(algorithm, idContext).mac().open(mac);
    }
    var oscore = (OscoreMessage) message;
    Optional<byte[]> named = oscore.option().kidContext();
    Optional<byte[]> used =
        named.isPresent() ? Optional.of(LostState.idContext(named.get())) : idContext;
    return sides(algorithm, used).server().open(oscore);
  }

  private static void refused(ThrowingCallable opening, String what) {
    assertThatThrownBy(opening).as(what).isInstanceOf(ProtocolException.class);
  }

  private interface Opening {
    Object open(SealedMessage message) throws ProtocolException;
  }

  /** Tries the message with each of its bits flipped, in its bytes and in its text. */
  private static void refusesEveryFlippedBit(SealedMessage message, Opening opening)
      throws ProtocolException {
    assertThat(opening.open(SealedMessage.parse(message.token()))).isNotNull();
    byte[] token = message.token().getBytes(ISO_8859_1);
    for (int bit = 0; bit < 8 * token.length; bit++) {
      String flipped = new String(flip(token, bit), ISO_8859_1);
      refused(() -> opening.open(SealedMessage.parse(flipped)), "bit " + bit + " of the token");
    }
    if (message instanceof OscoreMessage oscore) {
      byte[] option = oscore.option().encode();
      for (int bit = 0; bit < 8 * option.length; bit++) {
        byte[] flipped = flip(option, bit);
        refused(
            () -> opening.open(OscoreMessage.of(flipped, oscore.ciphertext())),
            "bit " + bit + " of the option");
      }
      byte[] ciphertext = oscore.ciphertext();
      for (int bit = 0; bit < 8 * ciphertext.length; bit++) {
        byte[] flipped = flip(ciphertext, bit);
        refused(
            () -> opening.open(OscoreMessage.of(option, flipped)),
            "bit " + bit + " of the ciphertext");
      }
    } else {
      byte[] encoded = ((MacMessage) message).encode();
      for (int bit = 0; bit < 8 * encoded.length; bit++) {
        byte[] flipped = flip(encoded, bit);
        refused(() -> opening.open(MacMessage.decode(flipped)), "bit " + bit + " of the message");
      }
    }
  }

  private static byte[] flip(byte[] bytes, int bit) {
    byte[] flipped = bytes.clone();
    flipped[bit / 8] ^= (byte) (1 << bit % 8);
    return flipped;
  }

  @ParameterizedTest
  @CsvSource({
    "CCM, false, false", "CCM8, false, false", "CHACHA20, false, false",
    "CCM, true, false", "CCM, true, true", "CHACHA20, true, true",
  })
  @DisplayName("each flipped bit of a request and of its answer")
  void flipped_bits(SealedAlgorithm algorithm, boolean agreed, boolean announced) throws Exception {
    Optional<byte[]> idContext = context(agreed);
    SentRequest sent = sides(algorithm, idContext).device().seal(300, REQUEST, announced);
    refusesEveryFlippedBit(sent.message(), message -> serve(algorithm, idContext, message));
    SealedMessage answer = serve(algorithm, idContext, sent.message()).answer(ANSWER);
    refusesEveryFlippedBit(answer, sent::open);
  }

  @Test
  @DisplayName("each flipped bit of a request with a MAC and of its answer")
  void flipped_bits_of_a_mac() throws Exception {
    MacContext mac = Sides.of(SealedAlgorithm.CCM).mac();
    SentRequest sent = mac.seal(300, REQUEST);
    refusesEveryFlippedBit(sent.message(), message -> mac.open((MacMessage) message));
    refusesEveryFlippedBit(mac.open((MacMessage) sent.message()).answer(ANSWER), sent::open);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("cut off at any place, or longer by any byte")
  void lengths(SealedAlgorithm algorithm) throws Exception {
    Sides sides = Sides.of(algorithm);
    OscoreMessage request = (OscoreMessage) sides.device().seal(1, REQUEST, false).message();
    byte[] ciphertext = request.ciphertext();
    byte[] option = request.option().encode();
    for (int length = 0; length < ciphertext.length; length++) {
      byte[] cut = Arrays.copyOf(ciphertext, length);
      refused(() -> sides.server().open(OscoreMessage.of(option, cut)), "cut to " + length);
    }
    for (int length = 0; length < option.length; length++) {
      byte[] cut = Arrays.copyOf(option, length);
      refused(() -> sides.server().open(OscoreMessage.of(cut, ciphertext)), "option " + length);
    }
    for (int last = 0; last < 256; last++) {
      byte[] more = LostState.join(ciphertext, new byte[] {(byte) last});
      refused(() -> sides.server().open(OscoreMessage.of(option, more)), "longer by " + last);
      byte[] before = LostState.join(new byte[] {(byte) last}, ciphertext);
      refused(() -> sides.server().open(OscoreMessage.of(option, before)), "begins with " + last);
    }
  }

  @Test
  @DisplayName("cut off or longer, with a MAC")
  void lengths_of_a_mac() {
    MacContext mac = Sides.of(SealedAlgorithm.CCM).mac();
    byte[] request = ((MacMessage) mac.seal(1, REQUEST).message()).encode();
    for (int length = 0; length < request.length; length++) {
      byte[] cut = Arrays.copyOf(request, length);
      refused(() -> mac.open(MacMessage.decode(cut)), "cut to " + length);
    }
    for (int last = 0; last < 256; last++) {
      byte[] more = LostState.join(request, new byte[] {(byte) last});
      refused(() -> mac.open(MacMessage.decode(more)), "longer by " + last);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("longer than the algorithm can be (RFC 9053 §4.2): refused, and nothing worse")
  void too_long(SealedAlgorithm algorithm) throws Exception {
    Sides sides = Sides.of(algorithm);
    OscoreMessage request = (OscoreMessage) sides.device().seal(1, REQUEST, false).message();
    for (int bytes : new int[] {65_535, 65_536, 65_552, 65_553, SealedMessage.MAX_BYTES}) {
      OscoreMessage message = OscoreMessage.of(request.option().encode(), new byte[bytes]);
      refused(() -> sides.server().open(message), bytes + " bytes");
      assertThat(SealedMessage.parse(message.token())).isEqualTo(message);
    }
    int room = Aead.MAX_PLAINTEXT_BYTES - 3;
    InnerMessage largest = InnerMessage.request(CoapCode.POST, "").withBody(new byte[room]);
    SentRequest sent = sides.device().seal(2, largest, false);
    assertThat(serve(algorithm, Optional.empty(), sent.message()).message()).isEqualTo(largest);
  }
}
