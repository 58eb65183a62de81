// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.keys.SealedAlgorithm;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** RFC 8613 appendix C: the same request under three security contexts, and two answers. */
@DisplayName("The test vectors of RFC 8613 appendix C")
class OscoreRfcVectorsTest {
  private static final byte[] SECRET = hex("0102030405060708090a0b0c0d0e0f10");
  private static final byte[] SALT = hex("9e7ca92223786340");
  private static final byte[] NONE = {};

  private static byte[] hex(String digits) {
    return Hexadecimal.decode(digits);
  }

  private static OscoreContext context(
      byte[] salt, byte @Nullable [] idContext, byte[] sender, byte[] recipient) {
    return new OscoreContext(SealedAlgorithm.CCM8, SECRET, salt, idContext, sender, recipient);
  }

  private static void expectKeys(
      OscoreContext context, String sender, String recipient, String iv) {
    assertThat(context.senderKey()).isEqualTo(hex(sender));
    assertThat(context.recipientKey()).isEqualTo(hex(recipient));
    assertThat(context.commonIv()).isEqualTo(hex(iv));
  }

  private static OscoreMessage message(String option, String ciphertext) throws Exception {
    return new OscoreMessage(OscoreOption.decode(hex(option)), hex(ciphertext));
  }

  private static void expectRequest(OscoreContext server, String option, String ciphertext)
      throws Exception {
    OscoreMessage message = message(option, ciphertext);
    assertThat(message.option().encode()).isEqualTo(hex(option));
    OpenedRequest opened = server.open(message);
    assertThat(opened.sequence()).isEqualTo(20);
    assertThat(opened.message().encode()).isEqualTo(hex("01b3747631"));
    assertThat(opened.message().path()).isEqualTo("tv1");
  }

  @Test
  @DisplayName("C.1 and C.4: keys with a salt, and a request")
  void with_salt() throws Exception {
    OscoreContext client = context(SALT, null, NONE, hex("01"));
    expectKeys(
        client,
        "f0910ed7295e6ad4b54fc793154302ff",
        "ffb14e093c94c9cac9471648b4f98710",
        "4622d4dd6d944168eefb54987c");
    SentRequest sent = client.seal(20, InnerMessage.request(CoapCode.GET, "tv1"), false);
    assertThat(sent.message()).isEqualTo(message("0914", "612f1092f1776f1c1668b3825e"));
    expectRequest(context(SALT, null, hex("01"), NONE), "0914", "612f1092f1776f1c1668b3825e");
  }

  @Test
  @DisplayName("C.2 and C.5: keys without a salt, and a request")
  void without_salt() throws Exception {
    OscoreContext server = context(NONE, null, hex("01"), hex("00"));
    expectKeys(
        server,
        "e57b5635815177cd679ab4bcec9d7dda",
        "321b26943253c7ffb6003b0b64d74041",
        "be35ae297d2dace910c52e99f9");
    expectRequest(server, "091400", "4ed339a5a379b0b8bc731fffb0");
  }

  @Test
  @DisplayName("C.3 and C.6: keys with an ID Context, and a request")
  void with_id_context() throws Exception {
    OscoreContext server = context(SALT, hex("37cbf3210017a2d3"), hex("01"), NONE);
    expectKeys(
        server,
        "e39a0c7c77b43f03b4b39ab9a268699f",
        "af2a1300a5e95788b356336eeecd2b92",
        "2ca58fb85ff1b81c0b7181b85e");
    expectRequest(server, "19140837cbf3210017a2d3", "72cd7273fd331ac45cffbe55c3");
  }

  @Test
  @DisplayName("C.7 and C.8: an answer with the request's number, and with one of its own")
  void answers() throws Exception {
    OscoreContext client = context(SALT, null, NONE, hex("01"));
    SentRequest sent = client.seal(20, InnerMessage.request(CoapCode.GET, "tv1"), false);
    byte[] expected = hex("45ff48656c6c6f20576f726c6421");
    OscoreMessage answer =
        new OscoreMessage(OscoreOption.EMPTY, hex("dbaad1e9a7e7b2a813d3c31524378303cdafae119106"));
    assertThat(sent.open(answer).encode()).isEqualTo(expected);
    OpenedRequest opened =
        context(SALT, null, hex("01"), NONE).open((OscoreMessage) sent.message());
    assertThat(opened.answer(InnerMessage.decode(expected))).isEqualTo(answer);

    OscoreMessage numbered = message("0100", "4d4c13669384b67354b2b6175ff4b8658c666a6cf88e");
    assertThat(sent.open(numbered).encode()).isEqualTo(expected);
  }
}
