// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.server.database.DiskFullException;
import dev.countersign.server.database.OverloadedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The watch over the disk")
final class DiskWatchTest {
  private static final Path DATA = Path.of("data");
  private static final Path READINGS = Path.of("readings");
  private static final long TOTAL = 10_000;

  private final Map<Path, Long> free = new HashMap<>(Map.of(DATA, 9_000L, READINGS, 9_000L));
  private final AtomicInteger tries = new AtomicInteger();
  private @Nullable String failure;
  private Runnable tryAgain = tries::incrementAndGet;
  private final WatchedStore store =
      new WatchedStore("registry", () -> Optional.ofNullable(failure), () -> tryAgain.run());
  private DiskWatch watch = watch(new DiskLimits(1_000, 100, 200, 100));

  private DiskWatch watch(DiskLimits limits) {
    return new DiskWatch(
        limits, Map.of("data", DATA, "readings", READINGS), List.of(store), this::space);
  }

  private FreeSpace space(Path path) throws IOException {
    Long bytes = free.get(path);
    if (bytes == null) {
      throw new IOException("gone");
    }
    return new FreeSpace(bytes, TOTAL);
  }

  private DiskState stateWith(Path path, long bytes) {
    free.put(path, bytes);
    watch.check();
    return watch.state();
  }

  @Test
  @DisplayName("warns below one limit, and refuses devices below the other")
  void two_limits() {
    assertThat(stateWith(DATA, 1_000)).isEqualTo(DiskState.ROOM);
    assertThat(stateWith(DATA, 999)).isEqualTo(DiskState.LOW);
    assertThatCode(watch::require).doesNotThrowAnyException();
    assertThat(stateWith(DATA, 200)).isEqualTo(DiskState.LOW);
    assertThat(stateWith(DATA, 199)).isEqualTo(DiskState.FULL);
    assertThatThrownBy(watch::require).isInstanceOf(DiskFullException.class);
    assertThat(watch.takesWrites()).isFalse();
    assertThat(watch.freeBytes("data")).isEqualTo(199);
  }

  @Test
  @DisplayName("gets better only with a tenth to spare, so that it does not come and go")
  void margin() {
    stateWith(DATA, 199);
    assertThat(stateWith(DATA, 219)).isEqualTo(DiskState.FULL);
    assertThat(stateWith(DATA, 220)).isEqualTo(DiskState.LOW);
    assertThat(stateWith(DATA, 1_099)).isEqualTo(DiskState.LOW);
    assertThat(stateWith(DATA, 1_101)).isEqualTo(DiskState.ROOM);
  }

  @Test
  @DisplayName("the worst directory counts")
  void worst_counts() {
    stateWith(DATA, 500);
    assertThat(stateWith(READINGS, 100)).isEqualTo(DiskState.FULL);
    assertThat(stateWith(READINGS, 5_000)).isEqualTo(DiskState.LOW);
  }

  @Test
  @DisplayName("on a small file system, where so many bytes would be all, the percentage counts")
  void percent() {
    watch = watch(new DiskLimits(1 << 30, 20, 1 << 28, 5));
    assertThat(stateWith(DATA, TOTAL / 5)).isEqualTo(DiskState.ROOM);
    assertThat(stateWith(DATA, TOTAL / 5 - 1)).isEqualTo(DiskState.LOW);
    assertThat(stateWith(DATA, TOTAL / 20 - 1)).isEqualTo(DiskState.FULL);
  }

  @Test
  @DisplayName("limits of 0 are none")
  void off() {
    watch = watch(new DiskLimits(0, 100, 0, 100));
    assertThat(stateWith(DATA, 0)).isEqualTo(DiskState.ROOM);
    assertThatCode(watch::require).doesNotThrowAnyException();
  }

  @Test
  @DisplayName("what cannot be found out changes nothing")
  void unknown_changes_nothing() {
    stateWith(DATA, 199);
    free.remove(DATA);
    watch.check();
    assertThat(watch.state()).isEqualTo(DiskState.FULL);
    assertThat(watch.freeBytes("data")).isNaN();
    assertThat(stateWith(DATA, 9_000)).isEqualTo(DiskState.ROOM);
  }

  @Test
  @DisplayName("a store that could not write is asked to try again at every look, until it can")
  void stores_try_again() {
    watch.check();
    assertThat(tries).hasValue(0);

    failure = "no space";
    watch.check();
    watch.check();
    assertThat(tries).hasValue(2);
    assertThat(watch.failing()).containsEntry("registry", "no space");
    assertThat(watch.takesWrites()).isFalse();
    assertThatCode(watch::require).doesNotThrowAnyException();

    failure = null;
    watch.check();
    assertThat(tries).hasValue(2);
    assertThat(watch.takesWrites()).isTrue();
  }

  @Test
  @DisplayName("a store that is too busy to try does not stop the watch")
  void survives_busy_stores() {
    failure = "no space";
    tryAgain =
        () -> {
          throw new OverloadedException("busy");
        };
    watch.check();
    assertThat(watch.failing()).containsKey("registry");
  }
}
