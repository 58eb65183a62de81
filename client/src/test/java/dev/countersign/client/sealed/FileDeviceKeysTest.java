// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.keys.DeviceKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A device's keys in files")
class FileDeviceKeysTest {
  @TempDir Path directory = Path.of("");
  private Path secret = Path.of("");

  @BeforeEach
  void production() throws IOException {
    secret = directory.resolve("secret");
    Files.write(secret, ModelServer.SECRET);
  }

  private FileDeviceKeys keys(int generation) {
    return new FileDeviceKeys(new SecretFile(secret), generation, directory);
  }

  private static List<Integer> generations(FileDeviceKeys keys) throws IOException {
    return keys.load().stream().map(GenerationKey::generation).toList();
  }

  @Test
  @DisplayName("come from the secret's exact bytes, without one line end")
  void line_ends() throws Exception {
    DeviceKey key = DeviceKey.ofSecret(ModelServer.SECRET);
    String text = new String(ModelServer.SECRET, US_ASCII);
    for (String end : List.of("", "\n", "\r\n")) {
      Files.writeString(secret, text + end);
      assertThat(new SecretFile(secret).read()).isEqualTo(key);
    }
    Files.writeString(secret, text + "\n\n");
    assertThat(new SecretFile(secret).read()).isNotEqualTo(key);
    Files.writeString(secret, "\n");
    assertThatThrownBy(() -> new SecretFile(secret).read()).hasMessageContaining("got nothing");
  }

  @Test
  @DisplayName("are both there until the new one is settled; then the old one is gone")
  void follows_and_settles() throws Exception {
    DeviceKey next =
        DeviceKey.wrap(
            new byte[] {
              1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5,
              6, 7, 8
            });
    assertThat(generations(keys(1))).containsExactly(1);
    keys(1).follow(new GenerationKey(2, next));
    assertThat(generations(keys(1))).containsExactly(1, 2);
    keys(1).follow(new GenerationKey(2, DeviceKey.wrap(new byte[32])));
    keys(1).follow(new GenerationKey(2, next));
    keys(1).settle(2);
    assertThat(generations(keys(1))).containsExactly(2);
    assertThat(keys(1).load().get(0).key()).isEqualTo(next);
    assertThatThrownBy(() -> keys(1).follow(new GenerationKey(4, next)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("a secret that was given anew, with a higher generation, counts again")
  void given_anew() throws Exception {
    keys(1).follow(new GenerationKey(2, DeviceKey.wrap(new byte[32])));
    keys(1).settle(2);
    assertThat(generations(keys(3))).containsExactly(3);
    assertThat(generations(keys(2))).containsExactly(2);
  }

  @Test
  @DisplayName("a damaged file is said, and never replaced by the old key")
  void damaged() throws Exception {
    keys(1).follow(new GenerationKey(2, DeviceKey.wrap(new byte[32])));
    keys(1).settle(2);
    Path file = directory.resolve("sealed-keys");
    Files.writeString(file, Files.readString(file).replace("key 2", "key 3"));
    assertThatThrownBy(() -> keys(1).load())
        .hasMessageContaining("damaged")
        .hasMessageNotContaining("0000");
  }
}
