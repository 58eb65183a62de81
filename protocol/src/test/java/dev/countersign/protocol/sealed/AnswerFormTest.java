// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.keys.SealedAlgorithm;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No seal covers the OSCORE option of an answer, nor the unprotected header of a COSE_Mac0. */
@DisplayName("An answer has one form: nothing can be added to it")
class AnswerFormTest {
  private static final InnerMessage REQUEST = InnerMessage.request(CoapCode.GET, "s");
  private static final InnerMessage ANSWER = InnerMessage.of(CoapCode.VALID);
  private final Sides sides = Sides.of(SealedAlgorithm.CCM);

  @ParameterizedTest
  @ValueSource(strings = {"1000", "100140", "08", "085954e75eebe7", "180140"})
  @DisplayName("no kid and no kid context")
  void no_addition(String option) throws Exception {
    SentRequest sent = sides.device().seal(1, REQUEST, false);
    var answer = (OscoreMessage) sides.server().open((OscoreMessage) sent.message()).answer(ANSWER);
    assertThat(sent.open(answer)).isEqualTo(ANSWER);

    OscoreMessage changed =
        new OscoreMessage(OscoreOption.decode(Hexadecimal.decode(option)), answer.ciphertext());

    assertThatThrownBy(() -> sent.open(changed)).isInstanceOf(MalformedException.class);
  }

  @Test
  @DisplayName("no kid beside a MAC")
  void no_kid() throws Exception {
    SentRequest sent = sides.mac().seal(1, REQUEST);
    var answer = (MacMessage) sides.mac().open((MacMessage) sent.message()).answer(ANSWER);
    assertThat(sent.open(answer)).isEqualTo(ANSWER);

    var changed = new MacMessage(Sides.kid(), answer.payload(), answer.tag());

    assertThatThrownBy(() -> sent.open(changed)).isInstanceOf(MalformedException.class);
  }

  @Test
  @DisplayName(
      "RFC 8613 appendix B.2: the second message announces what its ID Context begins with")
  void announced() throws Exception {
    byte[] r1 = {1, 1, 1, 1, 1, 1, 1, 1};
    byte[] r2 = LostState.r2(new byte[8], new byte[32]);
    Sides first = Sides.of("a secret", SealedAlgorithm.CCM, Optional.of(r1));
    Sides second = Sides.of("a secret", SealedAlgorithm.CCM, Optional.of(LostState.join(r2, r1)));
    var sent = (SentRequest.Oscore) first.device().seal(0, REQUEST, true);
    var opened = (OpenedRequest.Oscore) first.server().open(sent.message());
    OscoreMessage answer = opened.answerUnder(second.server(), r2, ANSWER);
    assertThat(sent.openUnder(second.device(), answer)).isEqualTo(ANSWER);

    for (byte[] other : new byte[][] {r1, new byte[16], LostState.join(r2, new byte[8])}) {
      OscoreMessage changed =
          new OscoreMessage(
              OscoreOption.ofAnswer(LostState.kidContext(other)), answer.ciphertext());
      assertThatThrownBy(() -> sent.openUnder(second.device(), changed))
          .isInstanceOf(MalformedException.class);
    }
    OscoreMessage silent = new OscoreMessage(OscoreOption.EMPTY, answer.ciphertext());
    assertThatThrownBy(() -> sent.openUnder(second.device(), silent))
        .isInstanceOf(MalformedException.class);
  }
}
