// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A state directory and its files")
class StateDirectoryTest {
  @TempDir private Path scratch = Path.of("");

  @Test
  @DisplayName("belong to one at a time")
  void is_locked() throws Exception {
    Path path = scratch.resolve("a").resolve("state");
    try (StateDirectory first = StateDirectory.open(path)) {
      assertThat(first.path()).isEqualTo(path);
      assertThatThrownBy(() -> StateDirectory.open(path))
          .isInstanceOf(StateDirectory.InUseException.class);
    }
    StateDirectory.open(path).close();
  }

  @Test
  @DisplayName("are closed to others, also if they were open before")
  void is_private() throws Exception {
    Path path = Files.createDirectory(scratch.resolve("open"));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    StateDirectory.open(path).close();
    assertThat(permissions(path)).isEqualTo("rwx------");
    DurableFile.replace(path.resolve("f"), "x".getBytes(UTF_8));
    assertThat(permissions(path.resolve("f"))).isEqualTo("rw-------");
  }

  @Test
  @DisplayName("are replaced whole, also over a draft that a power cut left")
  void replaces_files() throws Exception {
    Path file = scratch.resolve("f");
    Files.writeString(scratch.resolve("f.new"), "half");
    DurableFile.replace(file, "one".getBytes(UTF_8));
    DurableFile.replace(file, "two".getBytes(UTF_8));
    assertThat(file).hasContent("two");
    assertThat(scratch.resolve("f.new")).doesNotExist();
    assertThat(DurableFile.read(file, 3)).isPresent();
    assertThatThrownBy(() -> DurableFile.read(file, 2)).isInstanceOf(IOException.class);
    DurableFile.delete(file);
    DurableFile.delete(file);
    assertThat(DurableFile.read(file, 3)).isEmpty();
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
