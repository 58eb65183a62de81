// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.countersign.protocol.MalformedException;
import java.util.Arrays;

/** With {@code JAZZER_FUZZ=1} it looks for new inputs; otherwise it tries those it has. */
class SealedFuzzTest {
  private static void same(byte[] read, byte[] written) {
    if (!Arrays.equals(read, written)) {
      throw new AssertionError("two forms of one thing");
    }
  }

  @FuzzTest
  void parses_token(byte[] token) {
    try {
      String text = new String(token, ISO_8859_1);
      same(token, SealedMessage.parse(text).token().getBytes(ISO_8859_1));
    } catch (MalformedException e) {
      // The only other answer.
    }
  }

  @FuzzTest
  void decodes_option(byte[] option) {
    try {
      same(option, OscoreOption.decode(option).encode());
    } catch (MalformedException e) {
      // The only other answer.
    }
  }

  @FuzzTest
  void decodes_inner(byte[] plaintext) {
    try {
      InnerMessage message = InnerMessage.decode(plaintext);
      same(plaintext, message.encode());
      message.contentFormat();
      message.path();
      message.query();
      message.block1();
      message.block2();
    } catch (MalformedException e) {
      // The only other answer.
    }
  }

  @FuzzTest
  void decodes_mac(byte[] message) {
    try {
      same(message, MacMessage.decode(message).encode());
    } catch (MalformedException e) {
      // The only other answer.
    }
  }

  @FuzzTest
  void reads_kid_context(byte[] kidContext) {
    try {
      same(kidContext, LostState.kidContext(LostState.idContext(kidContext)));
    } catch (MalformedException e) {
      // The only other answer.
    }
  }

  @FuzzTest
  void decodes_rekey(byte[] body) throws MalformedException {
    Rekey rekey;
    try {
      rekey = Rekey.decode(body);
    } catch (MalformedException e) {
      return;
    }
    same(rekey.encode(), Rekey.decode(rekey.encode()).encode());
  }
}
