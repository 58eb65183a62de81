// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The search for secrets finds what it should")
class SecretSearchTest {
  private static final byte[] SECRET =
      HexFormat.of().parseHex("9f1e00ff7a3bc2d4e5860718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4bfe");

  private static boolean isFound(Path directory, byte[] written) throws IOException {
    byte[] around = new byte[1000];
    new Random(1).nextBytes(around);
    Path file = directory.resolve("file");
    for (int length : List.of(0, 1, 7, 999)) {
      byte[] content = new byte[length + written.length + length];
      System.arraycopy(around, 0, content, 0, length);
      System.arraycopy(written, 0, content, length, written.length);
      System.arraycopy(around, 0, content, length + written.length, length);
      Files.write(file, content);
      if (new SecretSearch().add("secret", SECRET).in(directory).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  @Test
  @DisplayName("in each form, wherever it stands")
  void finds_each_form(@TempDir Path scratch) throws IOException {
    byte[] encoded = Arrays.copyOf(SECRET, 200);
    String pem = Base64.getMimeEncoder(16, new byte[] {'\r', '\n'}).encodeToString(encoded);
    assertThat(isFound(scratch, pem.getBytes(ISO_8859_1))).isTrue();

    byte[] reversed = new byte[SECRET.length];
    for (int i = 0; i < SECRET.length; i++) {
      reversed[i] = SECRET[SECRET.length - 1 - i];
    }
    assertThat(isFound(scratch, SECRET)).isTrue();
    assertThat(isFound(scratch, reversed)).isTrue();

    String hex = HexFormat.of().formatHex(SECRET);
    assertFoundAsText(scratch, hex);
    assertFoundAsText(scratch, HexFormat.of().withUpperCase().formatHex(SECRET));
    for (String before : List.of("", "x", "xy", "xyz", "SN-1:cst1.")) {
      for (String after : List.of("", "a", "ab")) {
        byte[] all = (before + new String(SECRET, ISO_8859_1) + after).getBytes(ISO_8859_1);
        assertFoundAsText(scratch, Base64.getEncoder().encodeToString(all));
        assertFoundAsText(scratch, Base64.getUrlEncoder().withoutPadding().encodeToString(all));
      }
    }
  }

  private static void assertFoundAsText(Path scratch, String text) throws IOException {
    assertThat(isFound(scratch, text.getBytes(ISO_8859_1))).as(text).isTrue();
    assertThat(isFound(scratch, text.getBytes(UTF_16LE))).as(text).isTrue();
    assertThat(isFound(scratch, text.getBytes(StandardCharsets.UTF_16BE))).as(text).isTrue();
  }

  @Test
  @DisplayName("and nothing where there is nothing, or only a part")
  void finds_nothing_else(@TempDir Path scratch) throws IOException {
    byte[] other = SECRET.clone();
    other[SECRET.length - 1] ^= 1;
    assertThat(isFound(scratch, other)).isFalse();
    assertThat(isFound(scratch, new byte[64])).isFalse();
    assertThat(isFound(scratch, HexFormat.of().formatHex(other).getBytes(ISO_8859_1))).isFalse();
  }
}
