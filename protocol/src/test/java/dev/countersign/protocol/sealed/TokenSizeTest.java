// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.keys.SealedAlgorithm;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What passes through the fields of relays (docs/protocol.md, Token). */
@DisplayName("A body of this size fits into a token of this many characters")
class TokenSizeTest {
  /** A Partial IV of 5 bytes, the longest there is. */
  private static final long LATE = OscoreOption.MAX_PARTIAL_IV;

  @ParameterizedTest
  @CsvSource({"145, 255", "421, 622", "602, 864", "722, 1024"})
  @DisplayName("readings with an Echo, at the end of the sequence, by CCM")
  void fits(int bodyBytes, int characters) {
    Sides sides = Sides.of(SealedAlgorithm.CCM);
    assertThat(token(sides, bodyBytes)).hasSizeLessThanOrEqualTo(characters);
    assertThat(token(sides, bodyBytes + 1)).hasSizeGreaterThan(characters - 2);
  }

  private static String token(Sides sides, int bodyBytes) {
    InnerMessage request =
        InnerMessage.request(CoapCode.POST, "d")
            .withEcho(new byte[8])
            .withBody(new byte[bodyBytes]);
    return sides.device().seal(LATE, request, false).message().token();
  }
}
