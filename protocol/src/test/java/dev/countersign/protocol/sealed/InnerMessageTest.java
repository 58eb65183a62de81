// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.MalformedException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What is inside a seal (RFC 8613 §5.3, RFC 7252 §3)")
class InnerMessageTest {
  private static InnerMessage decode(String digits) throws MalformedException {
    return InnerMessage.decode(Hexadecimal.decode(digits.replace(" ", "")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // no code
        "01 ff", // §3: a marker and no payload
        "01 f0", // 15 is reserved in both halves
        "01 0f",
        "01 b2 73", // cut off
        "01 d0",
        "01 e0 00",
        "01 10", // If-Match is critical
        "01 30", // Uri-Host does not belong inside
        "01 90", // nor does OSCORE
        "01 d0 08", // 21: nobody knows it
        "01 d1 0a 06 01 16", // §5.4.5: Block2 twice
        "01 d1 0e 06 01 16", // Block1 twice
        "01 e0 fe f3", // option 65 536
      })
  @DisplayName("what is malformed or must be understood and is not")
  void refuses(String digits) {
    assertThatThrownBy(() -> decode(digits)).isInstanceOf(MalformedException.class);
  }

  @Test
  @DisplayName("§5.4.1: what is elective and unknown is passed over")
  void passes_over() throws Exception {
    InnerMessage message = decode("01 b1 73 e2 fe e4 aabb ff 01");
    assertThat(message.path()).isEqualTo("s");
    assertThat(message.body()).containsExactly(1);
    assertThat(message.encode()).isEqualTo(decode("01 b1 73 e2 fe e4 aabb ff 01").encode());
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0, false, 16",
    "06, 0, false, 1024",
    "0e, 0, true, 1024",
    "1a, 1, true, 64",
    "000006, 0, false, 1024", // RFC 7252 §3.2: leading zeros must be read
    "fffff6, 1048575, false, 1024",
  })
  @DisplayName("RFC 7959 §2.2: number, more and size of a block")
  void reads_blocks(String digits, int number, boolean more, int size) throws Exception {
    assertThat(Block.decode(Hexadecimal.decode(digits))).isEqualTo(new Block(number, more, size));
  }

  @ParameterizedTest
  @ValueSource(strings = {"07", "0f", "00000006"})
  @DisplayName("RFC 7959 §2.2: size 7 is reserved, and there are at most 3 bytes")
  void refuses_blocks(String digits) {
    assertThatThrownBy(() -> Block.decode(Hexadecimal.decode(digits)))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  @DisplayName("RFC 7252 §5.10.6: the ETag of version 0 has a byte, too")
  void etag() throws Exception {
    assertThat(InnerMessage.of(CoapCode.CONTENT).withEtag(0).etag().orElseThrow())
        .containsExactly(0);
    assertThat(InnerMessage.of(CoapCode.CONTENT).withEtag(256).encode())
        .isEqualTo(decode("45 42 0100").encode());
  }

  @Test
  @DisplayName("RFC 7252 §3.1: options stand in the order of their numbers")
  void orders() throws Exception {
    InnerMessage message =
        InnerMessage.of(CoapCode.POST)
            .withRequestTag(new byte[] {9})
            .withEcho(new byte[8])
            .withBlock1(new Block(1, true, 256))
            .withContentFormat(InnerMessage.CBOR)
            .withBody(new byte[] {1});
    assertThat(message.encode())
        .isEqualTo(decode("02 c1 3c d1 02 1c d8 d4 0000000000000000 d1 1b 09 ff 01").encode());
    assertThat(message.contentFormat()).hasValue(60);
  }
}
