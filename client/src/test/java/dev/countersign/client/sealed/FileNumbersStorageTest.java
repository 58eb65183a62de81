// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Numbers in a file")
class FileNumbersStorageTest {
  private static final Numbers SOME = new Numbers(new byte[] {1, 2, 3}, true, 128);

  @TempDir Path directory = Path.of("");
  private Path file = Path.of("");

  @BeforeEach
  void place() {
    file = directory.resolve("sealed-numbers-1");
  }

  @Test
  @DisplayName("are there again, for their owner alone")
  void stores() throws Exception {
    assertThat(new FileNumbersStorage(file).load()).isEmpty();
    new FileNumbersStorage(file).store(SOME);
    assertThat(new FileNumbersStorage(file).load()).contains(SOME);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  @DisplayName("are lost, and not believed, when any byte of the file is changed or missing")
  void notices_damage() throws Exception {
    new FileNumbersStorage(file).store(SOME);
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 1;
      Files.write(file, damaged);
      assertThat(new FileNumbersStorage(file).load()).as("byte " + i).isEmpty();
      Files.write(file, Arrays.copyOf(whole, i));
      assertThat(new FileNumbersStorage(file).load()).as("cut at " + i).isEmpty();
    }
  }
}
