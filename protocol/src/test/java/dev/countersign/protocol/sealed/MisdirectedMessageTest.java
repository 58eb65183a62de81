// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.keys.SealedAlgorithm;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("An authentic message in the wrong place is refused")
class MisdirectedMessageTest {
  private static final InnerMessage REQUEST = InnerMessage.requestTo(CoapCode.GET, "s?v=12");
  private static final InnerMessage ANSWER = InnerMessage.of(CoapCode.VALID);

  private static OscoreMessage answer(Sides sides, SentRequest sent) throws ProtocolException {
    return (OscoreMessage) sides.server().open(oscore(sent)).answer(ANSWER);
  }

  private static OscoreMessage oscore(SentRequest sent) {
    return (OscoreMessage) sent.message();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("answers of two requests, exchanged (RFC 8613 §5.4)")
  void exchanged_answers(SealedAlgorithm algorithm) throws Exception {
    Sides sides = Sides.of(algorithm);
    SentRequest one = sides.device().seal(1, REQUEST, false);
    SentRequest two = sides.device().seal(2, REQUEST, false);
    OscoreMessage toOne = answer(sides, one);
    OscoreMessage toTwo = answer(sides, two);
    assertThat(one.open(toOne)).isEqualTo(ANSWER);
    assertThatThrownBy(() -> one.open(toTwo)).isInstanceOf(NotAuthenticException.class);
    assertThatThrownBy(() -> two.open(toOne)).isInstanceOf(NotAuthenticException.class);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("requests and answers of two devices whose key ids are the same, exchanged")
  void exchanged_devices(SealedAlgorithm algorithm) throws Exception {
    Sides one = Sides.of("a secret", algorithm, Optional.empty());
    Sides two = Sides.of("another secret", algorithm, Optional.empty());
    SentRequest ofOne = one.device().seal(1, REQUEST, false);
    SentRequest ofTwo = two.device().seal(1, REQUEST, false);
    assertThatThrownBy(() -> two.server().open(oscore(ofOne)))
        .isInstanceOf(NotAuthenticException.class);
    OscoreMessage toTwo = answer(two, ofTwo);
    assertThatThrownBy(() -> ofOne.open(toTwo)).isInstanceOf(NotAuthenticException.class);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a request sent back as its answer, and an answer sent as a request")
  void reflected(SealedAlgorithm algorithm) throws Exception {
    Sides sides = Sides.of(algorithm);
    SentRequest sent = sides.device().seal(1, REQUEST, false);
    assertThatThrownBy(() -> sent.open(sent.message())).isInstanceOf(ProtocolException.class);
    var bare = new OscoreMessage(OscoreOption.EMPTY, oscore(sent).ciphertext());
    assertThatThrownBy(() -> sent.open(bare)).isInstanceOf(NotAuthenticException.class);
    var numbered =
        new OscoreMessage(OscoreOption.decode(new byte[] {1, 1}), oscore(sent).ciphertext());
    assertThatThrownBy(() -> sent.open(numbered)).isInstanceOf(NotAuthenticException.class);

    OscoreMessage answer = answer(sides, sent);
    assertThatThrownBy(() -> sides.server().open(answer)).isInstanceOf(ProtocolException.class);
    var asRequest = new OscoreMessage(oscore(sent).option(), answer.ciphertext());
    assertThatThrownBy(() -> sides.server().open(asRequest))
        .isInstanceOf(NotAuthenticException.class);
    assertThatThrownBy(() -> sides.device().open(oscore(sent)))
        .as("under the keys of the other direction")
        .isInstanceOf(NotAuthenticException.class);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("another ID Context, or none, or one where there was none")
  void other_id_context(SealedAlgorithm algorithm) throws Exception {
    byte[][] contexts = {null, {}, {1}, {1, 1}, new byte[8], new byte[24]};
    for (byte[] ofDevice : contexts) {
      for (byte[] ofServer : contexts) {
        Sides device = Sides.of("a secret", algorithm, Optional.ofNullable(ofDevice));
        Sides server = Sides.of("a secret", algorithm, Optional.ofNullable(ofServer));
        SentRequest sent = device.device().seal(1, REQUEST, false);
        if (Arrays.equals(ofDevice, ofServer)) {
          assertThat(sent.open(answer(server, sent))).isEqualTo(ANSWER);
          continue;
        }
        assertThatThrownBy(() -> answer(server, sent)).isInstanceOf(NotAuthenticException.class);
        OscoreMessage wrong = answer(server, server.device().seal(1, REQUEST, false));
        assertThatThrownBy(() -> sent.open(wrong)).isInstanceOf(NotAuthenticException.class);
      }
    }
  }

  @Test
  @DisplayName("the same of messages with a MAC")
  void mac() throws Exception {
    MacContext one = Sides.of("a secret", SealedAlgorithm.CCM, Optional.empty()).mac();
    MacContext other = Sides.of("another secret", SealedAlgorithm.CCM, Optional.empty()).mac();
    SentRequest first = one.seal(1, REQUEST);
    SentRequest second = one.seal(2, REQUEST);
    // The number is in the answer as well; the tag alone must tell them apart.
    SentRequest again = one.seal(1, InnerMessage.request(CoapCode.GET, "t"));
    SealedMessage toFirst = one.open((MacMessage) first.message()).answer(ANSWER);
    assertThat(first.open(toFirst)).isEqualTo(ANSWER);
    assertThatThrownBy(() -> second.open(toFirst)).isInstanceOf(NotAuthenticException.class);
    assertThatThrownBy(() -> again.open(toFirst)).isInstanceOf(NotAuthenticException.class);
    assertThatThrownBy(() -> other.open((MacMessage) first.message()))
        .isInstanceOf(NotAuthenticException.class);
    assertThatThrownBy(() -> other.seal(1, REQUEST).open(toFirst))
        .isInstanceOf(NotAuthenticException.class);
    assertThatThrownBy(() -> first.open(first.message())).isInstanceOf(ProtocolException.class);
    var bare = (MacMessage) first.message();
    assertThatThrownBy(() -> first.open(new MacMessage(null, bare.payload(), bare.tag())))
        .isInstanceOf(NotAuthenticException.class);
    var asRequest = (MacMessage) toFirst;
    assertThatThrownBy(
            () -> one.open(new MacMessage(Sides.kid(), asRequest.payload(), asRequest.tag())))
        .isInstanceOf(NotAuthenticException.class);
    assertThatThrownBy(() -> one.open(asRequest)).isInstanceOf(ProtocolException.class);
  }

  @Test
  @DisplayName("an answer of the other level")
  void other_level() throws Exception {
    Sides sides = Sides.of(SealedAlgorithm.CCM);
    SentRequest sealed = sides.device().seal(1, REQUEST, false);
    SentRequest macked = sides.mac().seal(1, REQUEST);
    OscoreMessage toSealed = answer(sides, sealed);
    SealedMessage toMacked = sides.mac().open((MacMessage) macked.message()).answer(ANSWER);
    assertThatThrownBy(() -> sealed.open(toMacked)).isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> macked.open(toSealed)).isInstanceOf(ProtocolException.class);
  }
}
