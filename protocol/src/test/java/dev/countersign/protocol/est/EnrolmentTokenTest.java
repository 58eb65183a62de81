// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.est;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Enrolment tokens")
final class EnrolmentTokenTest {
  private static final Sha256 ROOT = Sha256.of(new byte[] {1});

  private final EnrolmentToken token = EnrolmentToken.generate(ROOT, new SecureRandom());
  private final String text = token.text(SecretAccess.insecure());
  private final String secret = text.substring(text.lastIndexOf('.') + 1);

  @Test
  @DisplayName("a token is read back as it was given out")
  void round_trips() throws Exception {
    EnrolmentToken read = EnrolmentToken.parse(text);
    assertThat(text).matches("cst1\\.[A-Za-z0-9_-]{43}\\.[A-Za-z0-9_-]{43}");
    assertThat(read.rootFingerprint()).isEqualTo(ROOT);
    assertThat(read.matches(token.secretHash())).isTrue();
    assertThat(read.text(SecretAccess.insecure())).isEqualTo(text);
  }

  @Test
  @DisplayName("two tokens differ, and one does not match the other")
  void is_random() {
    EnrolmentToken other = EnrolmentToken.generate(ROOT, new SecureRandom());
    assertThat(other.matches(token.secretHash())).isFalse();
  }

  @Test
  @DisplayName("what prints a token does not print its secret, nor its hash")
  void hides_secret() {
    assertThat(token.toString())
        .doesNotContain(secret)
        .doesNotContain(token.secretHash().hex().substring(0, 16));
  }

  @Test
  @DisplayName("what is no token is refused without repeating any of it")
  void refuses_without_repeating() {
    for (String wrong :
        List.of(
            "",
            secret,
            text + "A",
            text.substring(0, text.length() - 1),
            text.replace("cst1", "cst2"),
            text + "\n",
            text.replaceFirst("\\.[^.]+\\.", "."))) {
      var refused =
          catchThrowableOfType(MalformedException.class, () -> EnrolmentToken.parse(wrong));
      assertThat(refused).isNotNull();
      var trace = new StringWriter();
      refused.printStackTrace(new PrintWriter(trace));
      assertThat(trace.toString()).doesNotContain(secret.substring(0, 20));
    }
  }

  @Test
  @DisplayName("one token has one text: bits that no byte needs are not ignored")
  void refuses_stray_bits() {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char last = text.charAt(text.length() - 1);
    for (int stray = 1; stray < 4; stray++) {
      char changed = alphabet.charAt(alphabet.indexOf(last) + stray);
      String other = text.substring(0, text.length() - 1) + changed;
      var refused =
          catchThrowableOfType(MalformedException.class, () -> EnrolmentToken.parse(other));
      assertThat(refused).isNotNull();
      assertThat(refused.getMessage()).doesNotContain(secret.substring(0, 20));
    }
  }
}
