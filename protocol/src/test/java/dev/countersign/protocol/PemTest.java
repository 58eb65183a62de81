// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("PEM (RFC 7468)")
class PemTest {
  @Test
  @DisplayName("lines have 64 characters, and what is written is read again")
  void round_trip() throws Exception {
    var content = new byte[100];
    Arrays.fill(content, (byte) 0xfb);
    String block = Pem.block("PRIVATE KEY", content);
    assertThat(block).startsWith("-----BEGIN PRIVATE KEY-----\n").endsWith("KEY-----\n");
    assertThat(block.lines().mapToInt(String::length).max()).hasValue(64);
    assertThat(Pem.find("PRIVATE KEY", "before\n" + block + "after")).contains(content);
  }

  @Test
  @DisplayName("a block with another label is not it")
  void other_label() throws Exception {
    assertThat(Pem.find("PRIVATE KEY", Pem.block("PUBLIC KEY", new byte[3]))).isEmpty();
  }

  @Test
  @DisplayName("what is no Base64 is refused, without showing it")
  void no_base64() {
    String damaged = "-----BEGIN PRIVATE KEY-----\nQUJDR\n-----END PRIVATE KEY-----\n";
    assertThatThrownBy(() -> Pem.find("PRIVATE KEY", damaged))
        .isInstanceOf(MalformedException.class)
        .hasMessageNotContaining("QUJDR")
        .hasNoCause();
  }
}
