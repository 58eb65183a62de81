// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.ReleaseTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The time floor")
class TimeFloorTest {
  private static final Instant NEXT_YEAR = ReleaseTime.EARLIEST.plus(Duration.ofDays(365));
  private static final Instant IN_TEN_YEARS = ReleaseTime.EARLIEST.plus(Duration.ofDays(3650));

  @TempDir private Path directory = Path.of("");
  private final List<IOException> failures = new ArrayList<>();

  private TimeFloor open() throws IOException {
    return TimeFloor.stored(new FileTimeFloor(directory), failures::add);
  }

  @Test
  @DisplayName("begins when the SDK was made, rises, and never falls")
  void only_rises() throws Exception {
    TimeFloor floor = open();
    assertThat(floor.instant()).isAfterOrEqualTo(ReleaseTime.EARLIEST);
    floor.verified(NEXT_YEAR, IN_TEN_YEARS);
    assertThat(floor.instant()).isAfterOrEqualTo(NEXT_YEAR);
    floor.verified(ReleaseTime.EARLIEST, IN_TEN_YEARS);
    floor.told(ReleaseTime.EARLIEST);
    assertThat(floor.instant()).isAfterOrEqualTo(NEXT_YEAR);
    floor.told(NEXT_YEAR.plusSeconds(100));
    assertThat(floor.instant()).isAfterOrEqualTo(NEXT_YEAR.plusSeconds(100));
  }

  @Test
  @DisplayName("outlives the process")
  void is_stored() throws Exception {
    open().verified(NEXT_YEAR, IN_TEN_YEARS);
    assertThat(open().instant()).isAfterOrEqualTo(NEXT_YEAR);
    assertThat(failures).isEmpty();
  }

  @Test
  @DisplayName("no server raises it above the end of its own certificates")
  void is_bounded_by_what_vouches() throws Exception {
    TimeFloor floor = open();
    floor.told(NEXT_YEAR);
    assertThat(floor.instant()).as("nobody was verified").isBefore(NEXT_YEAR);
    floor.verified(ReleaseTime.EARLIEST, NEXT_YEAR);
    floor.told(Instant.parse("2099-01-01T00:00:00Z"));
    assertThat(floor.instant()).isBetween(NEXT_YEAR, NEXT_YEAR.plusSeconds(3600));
    floor.verified(Instant.parse("2099-01-01T00:00:00Z"), NEXT_YEAR);
    assertThat(floor.instant()).isBefore(NEXT_YEAR.plusSeconds(3600));
  }

  @Test
  @DisplayName("a disk that is full lowers nothing, and is reported")
  void survives_a_failing_storage() throws Exception {
    var failing =
        new TimeFloor.Storage() {
          @Override
          public Optional<Instant> load() {
            return Optional.empty();
          }

          @Override
          public void store(Instant floor) throws IOException {
            throw new IOException("full");
          }
        };
    TimeFloor floor = TimeFloor.stored(failing, failures::add);
    floor.verified(NEXT_YEAR, IN_TEN_YEARS);
    assertThat(floor.instant()).isAfterOrEqualTo(NEXT_YEAR);
    assertThat(failures).hasSize(1);
  }

  @Test
  @DisplayName("a file that is none is an error, not a floor of nothing")
  void refuses_what_is_no_time() throws Exception {
    Files.writeString(directory.resolve("time-floor"), "soon\n");
    assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("expected");
  }
}
