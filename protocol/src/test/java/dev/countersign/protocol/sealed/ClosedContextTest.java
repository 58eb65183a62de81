// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.countersign.protocol.keys.SealedAlgorithm;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Keys that were overwritten")
class ClosedContextTest {
  private static final InnerMessage REQUEST = InnerMessage.request(CoapCode.GET, "s");
  private static final InnerMessage ANSWER = InnerMessage.of(CoapCode.VALID);

  /** The message that a stranger makes, who knows that keys of zeros are in use. */
  private static OscoreMessage underZeros(SealedAlgorithm algorithm, OscoreContext context) {
    byte[] kid = Sides.kid();
    var binding = new RequestBinding(kid, OscoreOption.partialIv(1));
    byte[] sealed =
        Aead.seal(
            algorithm,
            new byte[algorithm.keyBytes()],
            context.nonce(binding),
            context.aad(binding),
            REQUEST.encode());
    return new OscoreMessage(OscoreOption.ofRequest(1, null, kid), sealed);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("seal nothing, and open nothing, though a stranger could use them now")
  void oscore(SealedAlgorithm algorithm) throws Exception {
    Sides sides = Sides.of(algorithm);
    SentRequest sent = sides.device().seal(1, REQUEST, false);
    OpenedRequest opened = sides.server().open((OscoreMessage) sent.message());
    SealedMessage answer = opened.answer(ANSWER);
    sides.device().close();
    sides.server().close();

    assertThatIllegalStateException().isThrownBy(() -> sides.device().seal(2, REQUEST, false));
    assertThatIllegalStateException().isThrownBy(() -> opened.answer(ANSWER));
    assertThatIllegalStateException().isThrownBy(() -> sent.open(answer));
    OscoreMessage forged = underZeros(algorithm, sides.server());
    assertThatIllegalStateException().isThrownBy(() -> sides.server().open(forged));
  }

  @Test
  @DisplayName("make and check no MAC")
  void mac() throws Exception {
    MacContext mac = Sides.of(SealedAlgorithm.CCM).mac();
    SentRequest sent = mac.seal(1, REQUEST);
    OpenedRequest opened = mac.open((MacMessage) sent.message());
    SealedMessage answer = opened.answer(ANSWER);
    mac.close();

    assertThatIllegalStateException().isThrownBy(() -> mac.seal(2, REQUEST));
    assertThatIllegalStateException().isThrownBy(() -> mac.open((MacMessage) sent.message()));
    assertThatIllegalStateException().isThrownBy(() -> opened.answer(ANSWER));
    assertThatIllegalStateException().isThrownBy(() -> sent.open(answer));
  }
}
